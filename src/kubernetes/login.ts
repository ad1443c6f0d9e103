import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { chooseProxy } from "../kit/choose-proxy.ts";
import { UserError } from "../kit/user-error.ts";
import { connectPlugin, type Plugin } from "./exec-plugin.ts";
import { explainLogin } from "./explain-login.ts";
import { type Kubeconfig, type KubeconfigOptions, readKubeconfig } from "./kubeconfig.ts";
import { listUserSecrets } from "./kubeconfig-user.ts";

export interface LoginOptions extends KubeconfigOptions {
  /** Registers a secret, before anything could print it. */
  mask(secret: string): void;
  /** Takes every secret that was registered here out of a text. */
  redact(text: string): string;
  /** How long a program that prints credentials may take. */
  readonly loginMs: number;
}

/** What a request to the API server is made with. */
export interface Credentials {
  readonly tls: Tls;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Undefined: the direct way. */
  readonly proxy: string | undefined;
  /** Which login these are of: see `renew`. */
  readonly generation: number;
}

/** Options of a TLS connection, as Node names them. */
export type Tls = Pick<RequestOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;

/** The identity of a kubeconfig, kept fresh. */
export interface Login {
  /** @throws UserError `cluster-login-failed` */
  credentials(): Promise<Credentials>;
  /** The cluster did not take these: the kubeconfig is read again, and what a plugin said is forgotten. */
  renew(refused: Credentials): void;
}

/**
 * Shows what the kubeconfig says. Files are read for each request, since who wrote them may renew them (helm and
 * kubectl do the same).
 */
export function connectLogin(first: Kubeconfig, options: LoginOptions): Login {
  let kubeconfig = first;
  let generation = 0;
  let plugin: Plugin | undefined;
  let asked: Promise<Credentials> | undefined;

  const ask = async (): Promise<Credentials> => {
    const { user, cluster } = kubeconfig;
    try {
      plugin ??= user.exec && connectPlugin(user.exec, cluster, options);
      const given = await plugin?.ask();
      const token = user.tokenFile === undefined ? (user.token ?? given?.token) : readText(user.tokenFile);
      const tls = { ...serverTls(kubeconfig), ...clientTls(kubeconfig), ...given?.tls };
      for (const secret of [token, tls.key]) if (secret !== undefined) options.mask(String(secret));
      // A cluster's own proxy counts whatever the environment says, as in client-go.
      const proxy = cluster["proxy-url"] ?? chooseProxy(cluster.server, options.environment);
      return { tls, headers: { ...authorization(kubeconfig, token), ...impersonation(kubeconfig) }, proxy, generation };
    } catch (error) {
      throw explainLogin(kubeconfig, error, options.redact);
    }
  };

  return {
    credentials: () => {
      // One at a time: requests side by side must not start a plugin each.
      asked ??= ask().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    renew: (refused) => {
      if (refused.generation !== generation) return;
      generation += 1;
      plugin?.forget();
      plugin = undefined;
      try {
        const again = readKubeconfig(options);
        // Another cluster's login is of no use here.
        if (again.cluster.server.href === first.cluster.server.href) kubeconfig = again;
        for (const secret of listUserSecrets(kubeconfig.user)) options.mask(secret);
      } catch (error) {
        // Gone meanwhile: what was read at first may still do.
        if (!(error instanceof UserError)) throw error;
      }
    },
  };
}

function serverTls({ cluster }: Kubeconfig): Tls {
  const data = cluster["certificate-authority-data"];
  const file = cluster["certificate-authority"];
  const ca = data === undefined ? readIf(file) : Buffer.from(data, "base64");
  return {
    // Without one those that Node trusts count.
    ...(ca === undefined ? {} : { ca }),
    ...(cluster["tls-server-name"] === undefined ? {} : { servername: cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] === true ? { rejectUnauthorized: false } : {}),
  };
}

function clientTls({ user }: Kubeconfig): Tls {
  const read = (kind: "client-certificate" | "client-key"): Buffer | undefined => {
    const data = user[`${kind}-data`];
    const file = user[kind];
    return data === undefined ? readIf(file) : Buffer.from(data, "base64");
  };
  const cert = read("client-certificate");
  const key = read("client-key");
  return cert === undefined || key === undefined ? {} : { cert, key };
}

function authorization({ user }: Kubeconfig, token: string | undefined): Credentials["headers"] {
  if (token !== undefined && token !== "") return { authorization: `Bearer ${token}` };
  if (user.username === undefined) return {};
  const login = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
  return { authorization: `Basic ${login}` };
}

function impersonation({ user }: Kubeconfig): Credentials["headers"] {
  return {
    ...(user.as === undefined ? {} : { "impersonate-user": user.as }),
    ...(user["as-uid"] === undefined ? {} : { "impersonate-uid": user["as-uid"] }),
    ...(user["as-groups"] === undefined ? {} : { "impersonate-group": user["as-groups"] }),
  };
}

function readIf(path: string | undefined): Buffer | undefined {
  return path === undefined ? undefined : readFileSync(path);
}

function readText(path: string): string {
  return readFileSync(path, "utf8").trim();
}
