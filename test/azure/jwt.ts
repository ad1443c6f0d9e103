import { createHash, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import type { Json } from "./wire.ts";

/** One RSA key of an issuer, with the names that its tokens carry. */
export interface SigningKey {
  readonly kid: string;
  readonly x5t: string;
  /** A compact RS256 token; `typ JWT`, `x5t` and `kid` stand in its header. */
  sign(claims: Json): string;
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

const keys = new Map<string, SigningKey>();

/** The key of an issuer, made at first use and shared by all emulators of a process: 2048 bits take a tenth of a second. */
export function signingKeyOf(issuer: string): SigningKey {
  const known = keys.get(issuer);
  if (known !== undefined) return known;
  const made = createSigningKey();
  keys.set(issuer, made);
  return made;
}

function createSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = createPublicKey(privateKey).export({ format: "jwk" });
  const digest = createHash("sha1").update(`${jwk.n}`).digest();
  const x5t = digest.toString("base64url");
  const kid = digest.toString("hex").toUpperCase();
  return {
    kid,
    x5t,
    sign: (claims) => signed({ typ: "JWT", alg: "RS256", x5t, kid }, claims, privateKey),
    jwks: { keys: [{ ...jwk, use: "sig", alg: "RS256", kid, x5t }] },
  };
}

function signed(header: Json, claims: Json, key: KeyObject): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign("RSA-SHA256", Buffer.from(input), key).toString("base64url")}`;
}

function encoded(part: Json): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
