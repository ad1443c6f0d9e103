import { ADMIN_TOKEN, type ApiServer } from "./api-server.ts";

/** How the kubeconfig of a stand-in logs in. */
export interface KubeconfigForm {
  readonly user?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
  /** Name of context, cluster and user. */
  readonly name?: string;
}

/** A kubeconfig for a stand-in; with its admin's token where no user is given. JSON is YAML, too. */
export function renderKubeconfig(server: Pick<ApiServer, "url" | "authority">, form: KubeconfigForm = {}): string {
  const { name = "stand-in", namespace, user = { token: ADMIN_TOKEN } } = form;
  const cluster = {
    server: server.url,
    "certificate-authority-data": Buffer.from(server.authority.certificate).toString("base64"),
    ...form.cluster,
  };
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster }],
      users: [{ name, user }],
      contexts: [{ name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
      "current-context": name,
    },
    undefined,
    2,
  );
}

/** An exec plugin that prints a token, as a user of a kubeconfig. The script is Node's own, so that nothing needs to be installed. */
export function execUser(script: string): Readonly<Record<string, unknown>> {
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", script],
      interactiveMode: "Never",
    },
  };
}

/** The script of a plugin that prints this token. */
export function printToken(token: string, expirationTimestamp?: string): string {
  const status = { token, ...(expirationTimestamp === undefined ? {} : { expirationTimestamp }) };
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
  return `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`;
}
