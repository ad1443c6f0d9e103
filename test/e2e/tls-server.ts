import { writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createCertificateAuthority } from "../azure/certificates.ts";

/** A server of HTTPS on this machine, whose certificate an authority of its own has signed. */
export interface TlsServer extends AsyncDisposable {
  /** `https://localhost:…` */
  readonly url: string;
  /** PEM of the authority, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
}

/** Starts a server. @param folder gets the authority's certificate */
export async function startTlsServer(folder: string, answer: RequestListener): Promise<TlsServer> {
  const authority = await createCertificateAuthority();
  const { certificate, key } = await authority.pemFor("localhost");
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, authority.certificate);
  const server = createServer({ cert: certificate, key }, answer);
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    caFile,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
