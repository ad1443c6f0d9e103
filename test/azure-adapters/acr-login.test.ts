import { describe, expect, test } from "@jest/globals";
import { AcrLoginError } from "../../src/azure/acr-login-error.ts";
import { type AcrLoginOptions, connectAcrLogin } from "../../src/azure/acr-token.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { type Answer, createFarSide, makeJwt, NOW, TENANT } from "./login-fakes.ts";

const ACR = "mayfly.azurecr.io";
const MINUTE = 60_000;
const iat = NOW.getTime() / 1000;

/** A refresh token as the reference has it, for three hours. */
const granted = (jti: string, claims: object = {}): Answer => ({
  status: 200,
  body: {
    refresh_token: makeJwt({
      jti,
      iss: "Azure Container Registry",
      aud: ACR,
      iat,
      nbf: iat,
      exp: iat + 10_800,
      ...claims,
    }),
  },
});

const refused = (status: number, code: string, message: string): Answer => ({
  status,
  body: { errors: [{ code, message }] },
});

function setUp(answers: readonly Answer[], change: Partial<AcrLoginOptions> = {}) {
  const farSide = createFarSide(answers);
  const masked: string[] = [];
  const waits: number[] = [];
  const scopes: string[] = [];
  let at = NOW.getTime();
  const login = connectAcrLogin({
    cloud: chooseCloud({ cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined }),
    tenantId: TENANT,
    credential: {
      getToken: async (scope) => {
        scopes.push(String(scope));
        return { token: `entra-${scopes.length}`, expiresOnTimestamp: at + 24 * 60 * MINUTE };
      },
    },
    environment: {},
    httpClient: farSide.httpClient,
    mask: (secret) => void masked.push(secret),
    now: () => new Date(at),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      at += milliseconds;
    },
    random: () => 0.5,
    ...change,
  });
  const advance = (milliseconds: number): void => {
    at += milliseconds;
  };
  return { ...farSide, login, masked, waits, scopes, advance };
}

describe("a login to an Azure registry", () => {
  test("exchanges a token for the registries' own audience, and masks what comes back", async () => {
    const { login, requests, scopes, masked } = setUp([granted("one")]);
    const { token, abac, expiresAt } = await login.refreshToken("Mayfly.azurecr.io");
    expect(requests[0]).toMatchObject({ method: "POST", url: `https://${ACR}/oauth2/exchange` });
    expect(Object.fromEntries(requests[0]?.body ?? [])).toEqual({
      grant_type: "access_token",
      service: ACR,
      tenant: TENANT,
      access_token: "entra-1",
    });
    expect(scopes).toEqual(["https://containerregistry.azure.net/.default"]);
    expect(masked).toEqual([token]);
    expect(abac).toBe(false);
    expect(expiresAt).toEqual(new Date(NOW.getTime() + 180 * MINUTE));
  });

  test("is kept until five minutes before its end, and then made anew", async () => {
    const { login, requests, advance } = setUp([granted("one"), granted("two")]);
    await Promise.all([login.refreshToken(ACR), login.refreshToken(ACR)]);
    advance(174 * MINUTE);
    await login.refreshToken(ACR);
    expect(requests).toHaveLength(1);
    advance(2 * MINUTE);
    await login.refreshToken(ACR);
    expect(requests).toHaveLength(2);
  });

  test("is not trusted beyond the end of the token that it is made from", async () => {
    const expiresOnTimestamp = NOW.getTime() + 60 * MINUTE;
    const credential = { getToken: async () => ({ token: "entra", expiresOnTimestamp }) };
    const { login, requests, advance } = setUp([granted("one"), granted("two")], { credential });
    expect((await login.refreshToken(ACR)).expiresAt).toEqual(new Date(expiresOnTimestamp));
    advance(56 * MINUTE);
    await login.refreshToken(ACR);
    expect(requests).toHaveLength(2);
  });

  test("counts by our clock where the registry's is another", async () => {
    const ahead = iat + 7200;
    const { login } = setUp([granted("one", { iat: ahead, nbf: ahead, exp: ahead + 600 })]);
    expect((await login.refreshToken(ACR)).expiresAt).toEqual(new Date(NOW.getTime() + 10 * MINUTE));
  });

  test("is one for each registry, and a fresh one where that is wanted", async () => {
    const { login, requests } = setUp([granted("one"), granted("two"), granted("three")]);
    await login.refreshToken(ACR);
    await login.refreshToken("other.azurecr.io");
    const credentials = login.credentials(ACR);
    if (credentials.kind !== "refresh-token") throw new Error("no refresh token");
    await credentials.refreshToken(false);
    expect(requests).toHaveLength(2);
    await credentials.refreshToken(true);
    expect(requests).toHaveLength(3);
  });

  test("tells a registry that decides by conditions", async () => {
    const { login } = setUp([granted("one", { aad_identity: "eyJ" })]);
    expect((await login.refreshToken(ACR)).abac).toBe(true);
  });

  test.each([
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "3" }, body: {} }, 3300],
    ["503", { status: 503, body: "<html>busy</html>" }, 250],
    ["a cut connection", { status: 0, fault: "ECONNRESET" }, 250],
  ] as const)("is tried again after %s, with a token of Entra's that is asked for again", async (_, busy, wait) => {
    const { login, waits, requests } = setUp([busy, granted("one")]);
    await login.refreshToken(ACR);
    expect(waits).toEqual([wait]);
    expect(requests[1]?.body.get("access_token")).toBe("entra-2");
  });

  test.each([
    [
      "a firewall",
      refused(
        403,
        "DENIED",
        "client with IP '20.1.2.3' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
      ),
      { code: "registry-firewall", facts: { ip: "20.1.2.3", status: 403 } },
      "--ip-address 20.1.2.3",
    ],
    [
      "an identity without a role",
      refused(401, "UNAUTHORIZED", "authentication required. CorrelationId: 5f2c0e1a-1111-4222-8333-944455556666"),
      { code: "registry-denied", facts: { correlationId: "5f2c0e1a-1111-4222-8333-944455556666" } },
      "az role assignment create",
    ],
    ["no such name", { status: 0, fault: "ENOTFOUND" }, { code: "registry-not-found" }, "az acr show"],
    [
      "another server",
      { status: 404, body: "<html>nothing here</html>" },
      { code: "registry-unreachable", facts: { status: 404 } },
      "login server of an Azure registry",
    ],
    [
      "a page in between",
      { status: 200, body: "<html>welcome</html>" },
      { code: "registry-unreachable" },
      "in between",
    ],
    ["a page's 403", { status: 403, body: "<html>blocked</html>" }, { code: "registry-unreachable" }, "in between"],
  ] as const)("that meets %s is one clear error, at once", async (_, answer, expected, advice) => {
    const { login, requests } = setUp([answer]);
    const error = await login.refreshToken(ACR).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AcrLoginError);
    expect(error).toMatchObject({ ...expected, message: expect.stringContaining(advice) });
    expect(requests).toHaveLength(1);
  });

  test("that stays busy ends with that, and may be tried again later", async () => {
    const { login, requests } = setUp([...Array<Answer>(5).fill({ status: 503, body: {} }), granted("one")]);
    await expect(login.refreshToken(ACR)).rejects.toMatchObject({ code: "registry-busy" });
    expect(requests).toHaveLength(5);
    await login.refreshToken(ACR);
  });

  test.each(["evil.example.com", "mayfly.azurecr.io.evil.com", "mayfly.azurecr.io/x", "evil.com#.azurecr.io", ""])(
    "shows no token to %j",
    async (host) => {
      const { login, requests, scopes } = setUp([granted("one")]);
      await expect(login.refreshToken(host)).rejects.toMatchObject({ code: "registry-not-azure" });
      expect([requests, scopes]).toEqual([[], []]);
    },
  );

  test("ends when the job is cancelled", async () => {
    const cancel = new AbortController();
    const { login } = setUp([granted("one")], {
      cancelled: cancel.signal,
      httpClient: { sendRequest: () => new Promise(() => undefined) },
    });
    const work = login.refreshToken(ACR);
    cancel.abort();
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
  });
});
