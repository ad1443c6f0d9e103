import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { decodePayload } from "../../../src/oidc/claims.ts";
import type { CertificateAuthority } from "../../azure/certificates.ts";

/** A stand-in for an API server: knows tokens of Entra by their audience, and answers what a login asks. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, each with the object id of who asked. */
  readonly asked: string[];
  /** What it says to a review of somebody's access; allowed where left out. */
  denial: string | undefined;
}

export async function startApiServer(authority: CertificateAuthority, host: string): Promise<ApiServer> {
  const { certificate: cert, key } = await authority.pemFor(host);
  const asked: string[] = [];
  const server = createServer({ cert, key }, (request, response) => {
    const claims = decodePayload((request.headers.authorization ?? "").replace(/^Bearer /, "")) ?? {};
    const known = claims["aud"] === "6dae42f8-4368-4678-94ff-3960e28e3630";
    const path = (request.url ?? "").replace(/\?.*/, "");
    asked.push(`${request.method} ${path} ${claims["oid"]}`);
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    request.resume();
    if (!known)
      return answer(401, { kind: "Status", status: "Failure", reason: "Unauthorized", message: "Unauthorized" });
    if (path === "/version") return answer(200, { gitVersion: "v1.36.3" });
    if (path.endsWith("/selfsubjectreviews")) {
      return answer(201, { status: { userInfo: { username: claims["oid"], groups: ["system:authenticated"] } } });
    }
    if (path.endsWith("/selfsubjectaccessreviews")) {
      return answer(201, { status: { allowed: api.denial === undefined, reason: api.denial ?? "" } });
    }
    answer(404, { kind: "Status", reason: "NotFound", message: "not found" });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const api: ApiServer = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    denial: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return api;
}
