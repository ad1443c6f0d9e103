/** What a credential plugin answers on its standard output. */
export interface ExecAnswer {
  readonly token: string;
  readonly expiresAt: Date | undefined;
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-ExecCredential */
export function renderExecCredential({ token, expiresAt }: ExecAnswer): string {
  return JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      token,
      // To the second: some clients read no fractions.
      ...(expiresAt === undefined ? {} : { expirationTimestamp: expiresAt.toISOString().replace(/\.\d+Z$/, "Z") }),
    },
  });
}

/** The credential that a plugin printed; undefined where the text is none. */
export function parseExecCredential(text: string): ExecAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const status = (answer as { readonly status?: Readonly<Record<string, unknown>> } | null)?.status ?? {};
    const { token, expirationTimestamp: expires } = status;
    if (typeof token !== "string" || token === "") return undefined;
    const at = typeof expires === "string" ? Date.parse(expires) : Number.NaN;
    return { token, expiresAt: Number.isNaN(at) ? undefined : new Date(at) };
  } catch {
    return undefined;
  }
}
