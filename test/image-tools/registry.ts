import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLeashed } from "./leash.ts";
import { needTools } from "./need-tools.ts";

export interface RegistryOptions {
  /** The registry's folder is made in this one. */
  readonly scratch: string;
  /** Lets in only who brings a token of this service. Everybody may do everything where left out. */
  readonly token?: RegistryTokens;
}

/** What the registry says in its challenge, and what it checks in a token. */
export interface RegistryTokens {
  /** Where it sends clients for a token: `https://<name>.azurecr.io/oauth2/token`. */
  readonly realm: string;
  /** Must be the token's `aud`. */
  readonly service: string;
  /** Must be the token's `iss`. */
  readonly issuer: string;
  /** A JSON file `{"keys": […]}` of public keys; the token's header names one by `kid`. It is read once, at the start. */
  readonly jwksFile: string;
}

/** The OCI registry of the distribution project on loopback, with plain HTTP. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:<port>`, as it stands in image references. */
  readonly host: string;
  readonly url: string;
  /** Where it keeps blobs and tags. */
  readonly storage: string;
  log(): string;
}

/**
 * Starts a registry with empty storage and deleting allowed. Its clock is the machine's: a token's times are checked
 * against real time, with a minute's grace. URLs in its answers follow `Host` and `X-Forwarded-Proto` of the request.
 */
export async function startRegistry({ scratch, token }: RegistryOptions): Promise<Registry> {
  const { registry: program } = needTools("registry");
  const leashed = await startLeashed({
    name: "registry",
    scratch,
    program,
    parameters: async (folder) => {
      const file = join(folder, "config.json");
      await writeFile(file, JSON.stringify(configure(folder, token)));
      return ["serve", file];
    },
    // Without this it sends its traces to a collector on this machine.
    env: { OTEL_TRACES_EXPORTER: "none" },
  });
  const host = await leashed.until(() => /listening on (127\.0\.0\.1:\d+)/.exec(leashed.log())?.[1]);
  return {
    host,
    url: `http://${host}`,
    storage: join(leashed.folder, "storage"),
    log: leashed.log,
    [Symbol.asyncDispose]: leashed[Symbol.asyncDispose],
  };
}

/** JSON is YAML to it. */
function configure(folder: string, token: RegistryTokens | undefined): unknown {
  return {
    version: "0.1",
    log: { level: "info" },
    storage: {
      filesystem: { rootdirectory: join(folder, "storage") },
      delete: { enabled: true },
      // It would look for old uploads at a random time.
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: "127.0.0.1:0", secret: randomBytes(16).toString("hex") },
    ...(token === undefined
      ? {}
      : {
          auth: {
            token: {
              realm: token.realm,
              service: token.service,
              issuer: token.issuer,
              jwks: token.jwksFile,
              signingalgorithms: ["RS256", "ES256"],
            },
          },
        }),
  };
}
