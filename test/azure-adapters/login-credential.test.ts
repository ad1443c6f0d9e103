import { describe, expect, test } from "@jest/globals";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { EntraError } from "../../src/azure/entra-error.ts";
import { UserError } from "../../src/kit/user-error.ts";
import { CLIENT, createWorld, granted, refused, TENANT } from "./login-fakes.ts";

const SCOPE = "https://management.azure.com/.default";
const MINUTE = 60_000;

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A custom cloud whose discovery names this token endpoint, and which then grants one token. */
function customWorld(endpoint: string | undefined) {
  const inputs = { authorityHost: "login.example.com", resourceManager: "arm.example.com", audience: "api://ours" };
  const cloud = chooseCloud({ cloud: "custom", ...inputs });
  const issuer = "https://login.example.com/adfs";
  const discovery = {
    token_endpoint: endpoint,
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    jwks_uri: `${issuer}/keys`,
  };
  const world = createWorld([{ status: 200, body: discovery }, granted("t")], { cloud });
  return { cloud, world };
}

describe("the credential", () => {
  test("exchanges one ID token for one access token", async () => {
    const world = createWorld([granted("t1")]);
    const token = await connectCredential(world.options).getToken(SCOPE);
    expect(token?.token).toBe("t1");
    expect(world.presented).toHaveLength(1);
    const [request] = world.requests;
    expect(request?.url).toContain(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`);
    expect(request?.body.get("client_id")).toBe(CLIENT);
    expect(request?.body.get("scope")).toContain(SCOPE);
    expect(request?.body.get("client_assertion")).toBe(world.presented[0]);
    expect(world.requests).toHaveLength(1);
  });

  test("masks both tokens", async () => {
    const world = createWorld([granted("t1")]);
    await connectCredential(world.options).getToken(SCOPE);
    expect(world.masked).toEqual([world.presented[0], "t1"]);
  });

  test("keeps a token until five minutes before its end, then presents a new ID token", async () => {
    const world = createWorld([granted("t1", 3600), granted("t2", 3600)]);
    const credential = connectCredential(world.options);
    await credential.getToken(SCOPE);
    world.advance(54 * MINUTE);
    expect((await credential.getToken(SCOPE))?.token).toBe("t1");
    world.advance(2 * MINUTE);
    expect((await credential.getToken(SCOPE))?.token).toBe("t2");
    expect(new Set(world.presented).size).toBe(2);
  });

  test("answers a challenge with a new token, and keeps that one", async () => {
    const world = createWorld([granted("t1"), granted("t2")]);
    const credential = connectCredential(world.options);
    await credential.getToken(SCOPE);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    expect((await credential.getToken([SCOPE], { claims, enableCae: true }))?.token).toBe("t2");
    expect(JSON.parse(world.requests[1]?.body.get("claims") ?? "{}")).toMatchObject(JSON.parse(claims));
    expect((await credential.getToken(SCOPE))?.token).toBe("t2");
    expect(world.requests).toHaveLength(2);
  });

  test("renews a long-lived token when Entra advises it", async () => {
    const body = { token_type: "Bearer", expires_in: 86_400, refresh_in: 43_200, access_token: "long" };
    const world = createWorld([{ status: 200, body }, granted("next")]);
    const credential = connectCredential(world.options);
    await credential.getToken(SCOPE);
    world.advance(11 * 60 * MINUTE);
    expect((await credential.getToken(SCOPE))?.token).toBe("long");
    world.advance(2 * 60 * MINUTE);
    expect((await credential.getToken(SCOPE))?.token).toBe("next");
  });

  test("asks a custom authority where its token endpoint is", async () => {
    const endpoint = `https://login.example.com/${TENANT}/oauth2/v2.0/token`;
    const { cloud, world } = customWorld(endpoint);
    await connectCredential(world.options).getToken(cloud.armScope);
    expect(world.requests.map(({ url }) => url.split("?")[0])).toEqual([
      `https://login.example.com/${TENANT}/v2.0/.well-known/openid-configuration`,
      endpoint,
    ]);
  });

  test.each([
    ["one without TLS", "http://login.example.com/token"],
    ["none", undefined],
  ])("hands no ID token to a token endpoint that is %s", async (_, endpoint) => {
    const { cloud, world } = customWorld(endpoint);
    const error = await failureOf(connectCredential(world.options).getToken(cloud.armScope));
    expect(error).toMatchObject({ code: "entra-unreachable" });
    expect(world.requests).toHaveLength(1);
  });

  test.each([{}, { access_token: "t" }, "<html>welcome</html>"])(
    "takes %j with status 200 for no token",
    async (body) => {
      const world = createWorld([{ status: 200, body }]);
      const error = await failureOf(connectCredential(world.options).getToken(SCOPE));
      expect(error).toMatchObject({ code: "entra-unreachable" });
    },
  );

  test("lets callers at the same time share one exchange, but never across scopes", async () => {
    const world = createWorld([granted("t")]);
    const credential = connectCredential(world.options);
    const vault = "https://vault.azure.net/.default";
    await Promise.all([credential.getToken(SCOPE), credential.getToken(SCOPE), credential.getToken(vault)]);
    expect(world.requests.map(({ body }) => body.get("scope")?.split(" ")[0])).toEqual([SCOPE, vault]);
  });

  test("presents the same ID token for another scope, until two minutes before its end", async () => {
    const world = createWorld([granted("t")]);
    const credential = connectCredential(world.options);
    const ask = async (scope: string) => {
      await credential.getToken(`https://${scope}/.default`);
      return world.requests.at(-1)?.body.get("client_assertion");
    };
    const [first = ""] = [await ask("one.example")];
    world.advance(2.9 * MINUTE);
    expect(await ask("two.example")).toBe(first);
    world.advance(0.2 * MINUTE);
    expect(await ask("three.example")).not.toBe(first);
    expect(world.presented).toHaveLength(2);
  });

  test("presents none again that Entra has refused", async () => {
    const world = createWorld([refused(700213, "No matching federated identity record found.", 400), granted("t")]);
    const credential = connectCredential(world.options);
    await expect(credential.getToken("https://one.example/.default")).rejects.toThrow();
    await credential.getToken("https://two.example/.default");
    expect(new Set(world.presented).size).toBe(2);
  });

  test("asks again after what passes, with a fresh ID token and a jittered wait", async () => {
    const busy = refused(90033, "A transient error has occurred.", 503, "temporarily_unavailable");
    const world = createWorld([{ status: 0, fault: "ECONNRESET" }, busy, granted("t3")]);
    expect((await connectCredential(world.options).getToken(SCOPE))?.token).toBe("t3");
    expect(new Set(world.presented).size).toBe(3);
    expect(world.waits).toEqual([250, 500]);
  });

  test("honours Retry-After, and caps it", async () => {
    const answer = (seconds: string) => ({
      status: 429,
      headers: { "retry-after": seconds },
      body: { error: "throttled" },
    });
    const world = createWorld([answer("3"), answer("3600"), granted()]);
    await connectCredential(world.options).getToken(SCOPE);
    expect(world.waits).toEqual([3300, 20_000]);
  });

  test("gives up after five tries with what was said last", async () => {
    const world = createWorld([{ status: 503, body: "<html>busy</html>" }]);
    const error = await failureOf(connectCredential(world.options).getToken(SCOPE));
    expect(error).toMatchObject({ code: "entra-busy" });
    expect(world.requests).toHaveLength(5);
  });

  test("ends at once when the job is cancelled between two tries", async () => {
    const controller = new AbortController();
    const world = createWorld([{ status: 503, body: {} }], {
      cancelled: controller.signal,
      sleep: async () => controller.abort(),
    });
    await failureOf(connectCredential(world.options).getToken(SCOPE));
    expect(world.requests).toHaveLength(1);
  });

  test("does not ask again after a refusal, and explains it from the wire", async () => {
    const world = createWorld([
      refused(700213, "No matching federated identity record found for presented assertion subject 'x'."),
    ]);
    const error = await failureOf(connectCredential(world.options).getToken(SCOPE));
    expect(error).toBeInstanceOf(EntraError);
    if (!(error instanceof EntraError)) return;
    expect(error.code).toBe("subject-mismatch");
    expect(error.message).toContain("repo:octo@1/app@2:environment:preview");
    expect(error.refusal.answer).toMatchObject({ status: 401, aadsts: 700213, traceId: "t-1", correlationId: "c-1" });
    expect(error.refusal.answer.description).not.toContain("Trace ID");
    expect(world.requests).toHaveLength(1);
  });

  test("tells a proxy's answer from Entra's", async () => {
    const world = createWorld([{ status: 403, body: "<html>blocked by policy</html>" }]);
    const error = await failureOf(connectCredential(world.options).getToken(SCOPE));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: "entra-unreachable", message: expect.stringContaining("proxy") });
    expect(world.requests).toHaveLength(1);
  });

  test("does not wait for a host name or certificate to become right", async () => {
    for (const fault of ["ENOTFOUND", "SELF_SIGNED_CERT_IN_CHAIN"]) {
      const world = createWorld([{ status: 0, fault }]);
      const error = await failureOf(connectCredential(world.options).getToken(SCOPE));
      expect(error).toMatchObject({ code: "entra-unreachable", message: expect.stringContaining(fault) });
      expect(world.requests).toHaveLength(1);
    }
  });

  test("lets a fault of the ID token through as it is, and tries anew when asked again", async () => {
    const fault = new UserError("id-token-permission", "no permission");
    let broken = true;
    const world = createWorld([granted("t")]);
    const credential = connectCredential({
      ...world.options,
      idToken: (audience) => (broken ? Promise.reject(fault) : world.options.idToken(audience)),
    });
    expect(await failureOf(credential.getToken(SCOPE))).toBe(fault);
    broken = false;
    expect((await credential.getToken(SCOPE))?.token).toBe("t");
  });
});
