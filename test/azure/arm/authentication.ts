import { compactVerify, createLocalJWKSet } from "jose";
import type { Clock } from "../clock.ts";
import type { Cloud } from "../clouds.ts";
import { signingKeyOf } from "../jwt.ts";
import { bearerToken, type WireRequest } from "../wire.ts";
import { ArmFailure } from "./failure.ts";

/** Who asks, as the token says. */
export interface Caller {
  readonly objectId: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

export type Authenticate = (request: WireRequest, cloud: Cloud) => Promise<Caller>;

/** Whose token it is; undefined for what Entra has not signed. Whether it has expired is not looked at. */
export async function proveCaller(token: string): Promise<Caller | undefined> {
  try {
    const { keys } = signingKeyOf("entra").jwks;
    const { payload } = await compactVerify(token, createLocalJWKSet({ keys: [...keys] as never[] }));
    const claims = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
    const text = (name: string) => `${claims[name]}`;
    const caller = { objectId: text("oid"), clientId: text("appid"), tenantId: text("tid"), audience: text("aud") };
    return { ...caller, expires: Number(claims["exp"]) };
  } catch {
    return undefined;
  }
}

/** Proves a bearer token. Proven tokens are kept, since a signature costs more than the rest of a request. */
export function createAuthentication(clock: Clock): Authenticate {
  const proven = new Map<string, Caller>();

  return async (request, cloud) => {
    const token = bearerToken(request);
    if (token === undefined) {
      throw unauthorized("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    const caller = proven.get(token) ?? (await proveCaller(token));
    if (caller === undefined) throw unauthorized("InvalidAuthenticationToken", "The access token is invalid.");
    if (proven.size > 1000) proven.clear();
    proven.set(token, caller);
    if (clock.time() / 1000 >= caller.expires) {
      const [until, now] = [new Date(caller.expires * 1000), clock.now()].map((date) => date.toISOString());
      throw unauthorized(
        "ExpiredAuthenticationToken",
        `The access token expiry UTC time '${until}' is earlier than current UTC time '${now}'.`,
      );
    }
    if (!cloud.armAudiences.includes(caller.audience.replace(/\/$/, ""))) {
      const allowed = cloud.armAudiences.map((audience) => `'${audience}/'`).join(",");
      throw unauthorized(
        "InvalidAuthenticationTokenAudience",
        `The access token has been obtained for wrong audience or resource '${caller.audience}'. It should exactly match with one of the allowed audiences ${allowed}.`,
      );
    }
    return caller;
  };
}

export function unauthorized(code: string, message: string, tenantId = "common"): ArmFailure {
  const challenge = `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`;
  return new ArmFailure(401, code, message, { headers: { "www-authenticate": challenge } });
}
