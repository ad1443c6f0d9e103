/** What a registry is shown: a name and a password, or a token to get others with. */
export interface Credential {
  /** `IDENTITY_TOKEN` when the secret is one. */
  readonly username: string;
  /** Registered with the runner before it gets here. */
  readonly secret: string;
}

/**
 * The user name that says that the secret is an identity token: docker and buildx then exchange it at the registry's
 * token service (`POST`, `grant_type=refresh_token`) instead of showing it as a password
 * (https://github.com/docker/cli/blob/master/cli/config/credentials/native_store.go). A refresh token of Azure
 * Container Registry is one.
 */
export const IDENTITY_TOKEN = "<token>";

/**
 * A credential for a registry's host that is good now, or undefined when there is none, and docker goes on without.
 * It is asked each time that docker asks, so it keeps what it has while that lasts.
 */
export type FindCredential = (host: string) => Promise<Credential | undefined>;

/**
 * The registry's host of what docker calls a server: a host, or an address of the first protocol like
 * `https://index.docker.io/v1/`. Undefined when it is neither.
 */
export function parseServerHost(server: string): string | undefined {
  const [, host] =
    /^(?:https?:\/\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?)(?:\/[!-~]*)?$/i.exec(
      server,
    ) ?? [];
  return host?.toLowerCase();
}
