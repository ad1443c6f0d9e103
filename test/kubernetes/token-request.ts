import type { Json } from "./field-paths.ts";
import type { Target } from "./request-path.ts";
import { notFound } from "./status.ts";
import type { Store } from "./store.ts";

/** Answers a TokenRequest; nobody can check the token's signature. @throws Refusal */
export function answerTokenRequest(
  store: Store,
  { kind, namespace = "", name = "" }: Target,
  body: Json,
  now: Date,
): Json {
  if (store.find(kind, namespace, name) === undefined) throw notFound("serviceaccounts", name);
  const spec = (body["spec"] ?? {}) as { readonly audiences?: readonly string[]; readonly expirationSeconds?: number };
  const iat = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: "https://stand-in.invalid/",
    sub: `system:serviceaccount:${namespace}:${name}`,
    aud: spec.audiences,
    iat,
    exp: iat + (spec.expirationSeconds ?? 3600),
  };
  const parts = [{ alg: "RS256", kid: "stand-in" }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  return {
    ...body,
    status: { token: `${parts.join(".")}.unsigned`, expirationTimestamp: new Date(claims.exp * 1000) },
  };
}
