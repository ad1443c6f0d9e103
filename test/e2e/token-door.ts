import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { signingKeyOf } from "../azure/jwt.ts";
import { type Registry, startRegistry } from "../image-tools/registry.ts";

/** One request for a token. */
export interface TokenRequest {
  readonly method: string;
  readonly form: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly basic: string | undefined;
}

/** A real registry behind a token service that takes identity tokens, as Azure Container Registry's does. */
export interface TokenDoor extends AsyncDisposable {
  readonly registry: Registry;
  /** `127.0.0.1:<port>` of the registry. */
  readonly host: string;
  readonly asked: readonly TokenRequest[];
  /** The only identity token that is taken from now on. */
  accept(token: string): void;
}

const ISSUER = "Mayfly's token door";
const SERVICE = "door";
const SECONDS = 300;

/** Starts both below `scratch`, in plain HTTP on loopback. */
export async function startTokenDoor(scratch: string): Promise<TokenDoor> {
  const key = signingKeyOf(ISSUER);
  const asked: TokenRequest[] = [];
  let good: string | undefined;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://door");
    const fields = request.method === "POST" ? new URLSearchParams(await text(request)) : url.searchParams;
    const scopes = fields.getAll("scope").flatMap((scope) => scope.split(" "));
    const form = Object.fromEntries(fields);
    asked.push({ method: request.method ?? "", form, scopes, basic: request.headers.authorization });
    if (form["grant_type"] !== "refresh_token" || form["refresh_token"] !== good) {
      response.writeHead(401, { "content-type": "application/json" });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const access = scopes.map((scope) => {
      const [type, name, actions = ""] = scope.split(":");
      return { type, name, actions: actions.split(",") };
    });
    const claims = { iss: ISSUER, aud: SERVICE, sub: "mayfly", iat: now, nbf: now, exp: now + SECONDS, access };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: key.sign(claims) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const jwksFile = join(scratch, "jwks.json");
  await writeFile(jwksFile, JSON.stringify(key.jwks));
  const realm = `http://127.0.0.1:${port}/oauth2/token`;
  const registry = await startRegistry({ scratch, token: { realm, service: SERVICE, issuer: ISSUER, jwksFile } });
  return {
    registry,
    host: registry.host,
    asked,
    accept: (token) => {
      good = token;
    },
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
