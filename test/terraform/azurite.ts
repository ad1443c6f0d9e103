import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ForwardOptions } from "../azure/blobs/forward.ts";
import { createCertificateAuthority } from "../azure/certificates.ts";
import { startLeashed } from "../image-tools/leash.ts";
import { needTools } from "../image-tools/need-tools.ts";

export interface AzuriteOptions {
  /** Azurite's folder is made in this one. */
  readonly scratch: string;
  /** Accounts that it answers for, by the first part of a request's host name. */
  readonly accounts: readonly string[];
}

/** Azurite's blob service on loopback, empty, in memory. For `azure.blobs.forward`. */
export interface Azurite extends AsyncDisposable, ForwardOptions {
  log(): string;
}

const SERVERNAME = "azurite.mayfly.test";

/**
 * Starts Azurite. It takes any bearer token of Entra's for storage that is not over, without a look at signature or
 * roles: these are the emulator's business. It takes tokens over TLS only, so it gets a certificate of its own authority.
 * Its clock is the machine's.
 */
export async function startAzurite({ scratch, accounts }: AzuriteOptions): Promise<Azurite> {
  const { "azurite-blob": program } = needTools("azurite");
  const authority = await createCertificateAuthority();
  const { certificate, key } = await authority.pemFor(SERVERNAME);
  const secret = randomBytes(32).toString("base64");
  const leashed = await startLeashed({
    name: "azurite",
    scratch,
    program: process.execPath,
    parameters: async (folder) => {
      const [cert, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
      await writeFile(cert, certificate);
      await writeFile(keyFile, key, { mode: 0o600 });
      const place = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence"];
      const quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];
      return [program, ...place, ...quiet, "--oauth", "basic", "--cert", cert, "--key", keyFile];
    },
    env: { AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${secret}`).join(";") },
  });
  const url = await leashed.until(
    () => /successfully listens on (https:\/\/127\.0\.0\.1:\d+)/.exec(leashed.log())?.[1],
  );
  return {
    url,
    ca: authority.certificate,
    servername: SERVERNAME,
    log: leashed.log,
    [Symbol.asyncDispose]: leashed[Symbol.asyncDispose],
  };
}
