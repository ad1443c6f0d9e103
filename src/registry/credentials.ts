/** Who we are to a registry. */
export type RegistryCredentials =
  | { readonly kind: "anonymous" }
  /** A user with a password or token, as `docker login` takes them. */
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /**
   * Azure Container Registry: a refresh token that its `/oauth2/exchange` gave. Asked for each new token; with `fresh`
   * when the last one was refused.
   */
  | { readonly kind: "refresh-token"; readonly refreshToken: (fresh: boolean) => Promise<string> };
