import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { UserError } from "../kit/user-error.ts";
import { chooseProxy } from "./choose-proxy.ts";
import { execEntry } from "./exec-entry.ts";
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
  /** TLS, headers and, for a proxy that speaks SOCKS, an agent. */
  readonly request: Readonly<RequestOptions>;
  /** Undefined: the direct way. */
  readonly proxy: string | undefined;
  /** Which login these are of: see `renew`. */
  readonly generation: number;
}

/** The identity of a kubeconfig, kept fresh. */
export interface Login {
  /** @throws UserError `cluster-login-failed` */
  credentials(): Promise<Credentials>;
  /** The cluster did not take these: the kubeconfig is read again, and what a plugin said is forgotten. */
  renew(refused: Credentials): void;
}

/**
 * Logs in with the library: it knows every form of user that a kubeconfig has, exec plugins included. It is loaded with
 * the first request.
 */
export function connectLogin(first: Kubeconfig, options: LoginOptions): Login {
  let kubeconfig = first;
  let generation = 0;
  let loaded: ReturnType<typeof load> | undefined;
  let asked: Promise<Credentials> | undefined;

  const ask = async (): Promise<Credentials> => {
    const { user, cluster } = kubeconfig;
    loaded ??= load(kubeconfig, options);
    const { config, proxy } = await loaded;
    const request: RequestOptions = { headers: impersonation(kubeconfig) };
    try {
      // The library knows no tokenFile. Here it counts more than a token, as in client-go.
      const token = user.tokenFile === undefined ? user.token : readFileSync(user.tokenFile, "utf8").trim();
      if (token !== undefined) config.users = config.users.map((each) => ({ ...each, token }));
      await inTime(config.applyToHTTPSOptions(request), options.loginMs);
    } catch (error) {
      throw explainLogin(kubeconfig, error, options.redact);
    }
    if (proxy?.startsWith("socks") !== true) delete request.agent;
    const { authorization } = lowerNames(request.headers);
    for (const secret of [authorization?.replace(/^\S+ /, ""), request.key]) {
      if (secret !== undefined) options.mask(String(secret));
    }
    return { request: { ...request, ...serverOf(cluster.server) }, proxy, generation };
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
      loaded = undefined;
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

async function load(kubeconfig: Kubeconfig, { environment }: LoginOptions) {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const { server, execConfig, ...cluster } = kubeconfig.cluster;
  const { name, exec, tokenFile, ...user } = kubeconfig.user;
  // A cluster's own proxy counts whatever the environment says, as in client-go.
  const proxy = cluster["proxy-url"] ?? chooseProxy(server, environment);
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      clusters: [
        {
          name: "cluster",
          cluster: {
            ...cluster,
            server: server.href,
            ...(proxy === undefined ? {} : { "proxy-url": proxy }),
            // Without it the library refuses http, which is only let through for this machine itself.
            ...(server.protocol === "http:" ? { "insecure-skip-tls-verify": true } : {}),
          },
        },
      ],
      users: [
        {
          name: "user",
          user: exec === undefined ? user : { ...user, exec: execEntry(exec, kubeconfig.cluster, environment) },
        },
      ],
      contexts: [{ name: "context", context: { cluster: "cluster", user: "user" } }],
      "current-context": "context",
    }),
  );
  return { config, proxy };
}

/** The library sends only the user's name. */
function impersonation({ user }: Kubeconfig): Record<string, string | string[]> {
  return {
    ...(user["as-uid"] === undefined ? {} : { "Impersonate-Uid": user["as-uid"] }),
    ...(user["as-groups"] === undefined ? {} : { "Impersonate-Group": [...user["as-groups"]] }),
  };
}

function serverOf(server: URL): RequestOptions {
  return {
    protocol: server.protocol,
    hostname: server.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: server.port === "" ? (server.protocol === "https:" ? 443 : 80) : Number(server.port),
  };
}

function lowerNames(headers: RequestOptions["headers"]): { readonly authorization?: string } {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`it did not end within ${milliseconds / 1000} s`));
    const timer = setTimeout(late, milliseconds);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
