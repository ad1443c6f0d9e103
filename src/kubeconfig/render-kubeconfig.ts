import { stringify } from "yaml";

/** A kubeconfig with one way in. */
export interface KubeconfigOrder {
  /** What the context is called; its cluster and user as well, so that several files can be merged. */
  readonly name: string;
  /** `https://…:443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly namespace: string | undefined;
  readonly user: KubeconfigUser;
}

export type KubeconfigUser =
  /** A program that prints a fresh credential each time it is asked. */
  | {
      readonly kind: "exec";
      readonly command: string;
      readonly args: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      /** Said where the program is not there. */
      readonly installHint: string;
    }
  /** A credential that stands in the file itself. */
  | { readonly kind: "static"; readonly fields: StaticCredential };

/** By kubeconfig's own names. */
export type StaticCredential = { readonly [K in (typeof CREDENTIAL_FIELDS)[number]]?: string };
export const CREDENTIAL_FIELDS = [
  "token",
  "client-certificate-data",
  "client-key-data",
  "username",
  "password",
] as const;

/**
 * The text of a kubeconfig. Every text in it is quoted: client-go reads YAML 1.1, to which `no`, `0x1F` and `12:30` are
 * no texts, and a cluster may be called so.
 */
export function renderKubeconfig({ name, server, certificateAuthority, namespace, user }: KubeconfigOrder): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server, "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") },
      },
    ],
    users: [{ name, user: user.kind === "exec" ? renderExec(user) : user.fields }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
    "current-context": name,
  };
  return stringify(config, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
function renderExec({ command, args, environment, installHint }: Extract<KubeconfigUser, { kind: "exec" }>): object {
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command,
      args,
      // A list, since later versions of the format may give an entry more than a value.
      env: Object.entries(environment).map(([name, value]) => ({ name, value })),
      interactiveMode: "Never",
      provideClusterInfo: false,
      installHint,
    },
  };
}
