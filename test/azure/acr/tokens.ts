import { createPublicKey, type JsonWebKey, randomUUID, verify } from "node:crypto";
import { signingKeyOf } from "../jwt.ts";
import { asObject, asText, type Json } from "../wire.ts";
import type { Access } from "./scopes.ts";

export const ACR_ISSUER = "Azure Container Registry";

/** What a token of a registry says, once it is proven. */
export interface TokenClaims {
  readonly kind: "refresh_token" | "access_token";
  /** Object id of the principal, or the name of a user. */
  readonly subject: string;
  readonly tenantId: string | undefined;
  readonly access: readonly Access[];
}

export interface TokenLife {
  /** Seconds since 1970. */
  readonly now: number;
  readonly seconds: number;
  /** How much of it is over when it is issued. */
  readonly backdatedSeconds?: number;
}

const KEY = "container registry";

/** Public keys that a real registry can check the tokens with, as `{"keys": […]}`. */
export function registryJwks(): { readonly keys: readonly JsonWebKey[] } {
  return {
    keys: signingKeyOf(KEY).jwks.keys.map(({ kty, n, e, kid, use, alg }) => ({
      kty,
      n,
      e,
      kid,
      use,
      alg,
    })) as JsonWebKey[],
  };
}

/** Signs with the key that all registries of the emulator share. */
export function signToken(
  audience: string,
  claims: Json & { readonly sub: string },
  { now, seconds, backdatedSeconds = 0 }: TokenLife,
): string {
  const at = Math.floor(now) - backdatedSeconds;
  return signingKeyOf(KEY).sign({
    jti: randomUUID(),
    nbf: at,
    exp: at + Math.floor(seconds),
    iat: at,
    iss: ACR_ISSUER,
    aud: audience,
    version: "1.0",
    ...claims,
  });
}

/** Undefined for a token of somebody else, for another registry, or that is over. */
export function proveToken(token: string, audience: string, now: number): TokenClaims | undefined {
  const claims = claimsOf(token);
  if (claims === undefined || claims["aud"] !== audience || now >= Number(claims["exp"])) return undefined;
  const kind = asText(claims["grant_type"]);
  if (kind !== "refresh_token" && kind !== "access_token") return undefined;
  const access = Array.isArray(claims["access"]) ? (claims["access"] as readonly Access[]) : [];
  return { kind, subject: `${claims["sub"]}`, tenantId: asText(claims["tenant"]), access };
}

const proven = new Map<string, Json>();

/** A signature costs more than the rest of a request, and one token comes with many. */
function claimsOf(token: string): Json | undefined {
  const known = proven.get(token);
  if (known !== undefined) return known;
  const [header = "", payload = "", signature = ""] = token.split(".");
  const [jwk] = signingKeyOf(KEY).jwks.keys;
  if (jwk === undefined || signature === "") return undefined;
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const good = verify("RSA-SHA256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
  const claims = good ? asObject(JSON.parse(Buffer.from(payload, "base64url").toString())) : undefined;
  if (proven.size > 1000) proven.clear();
  if (claims !== undefined) proven.set(token, claims);
  return claims;
}
