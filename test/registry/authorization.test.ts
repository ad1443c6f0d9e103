import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseChallenges } from "../../src/registry/challenge.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { covers, joinScopes } from "../../src/registry/scope.ts";
import { createFarRegistry, type FarOptions, json, oops } from "./far-registry.ts";
import { meet, PASSWORD } from "./far-world.ts";

const BASIC = `Basic ${Buffer.from("octo:hunter2-hunter2").toString("base64")}`;
const ACR = "mayfly.azurecr.io";

function setUp(options: FarOptions = {}, credentials = PASSWORD, host?: string) {
  const far = createFarRegistry(options);
  const world = meet(far, credentials, host === undefined ? {} : { host });
  return { far, ...world, registry: connectRegistry(world.session) };
}

/** An Azure registry and refresh tokens that are numbered. */
function setUpAcr() {
  const asked: boolean[] = [];
  const refreshToken = async (fresh: boolean) => {
    asked.push(fresh);
    return `refresh-${asked.length}`;
  };
  const far = createFarRegistry({ host: ACR, realm: `https://${ACR}/oauth2/token` });
  const world = meet(far, { kind: "refresh-token", refreshToken });
  return { far, asked, ...world, registry: connectRegistry(world.session) };
}

describe("a registry with a token service", () => {
  test("is asked how, then for one token, which serves until shortly before its end", async () => {
    const { far, registry, masked, advance } = setUp();
    await registry.listTags("team/app");
    await registry.listTags("team/app");
    expect(far.lines()).toEqual([
      "GET /v2/",
      "GET /token?service=ghcr.io&scope=repository%3Ateam%2Fapp%3Apull",
      "GET /v2/team/app/tags/list?n=1000",
      "GET /v2/team/app/tags/list?n=1000",
    ]);
    expect(far.requests[1]?.authorization).toBe(BASIC);
    const token = far.requests[2]?.authorization?.replace("Bearer ", "");
    expect(masked).toEqual([PASSWORD.kind === "password" && PASSWORD.password, token]);
    advance(4500_000 - 60_001);
    await registry.listTags("team/app");
    expect(far.requests).toHaveLength(5);
    advance(2);
    await registry.listTags("team/app");
    expect(far.lines().filter((line) => line.includes("/token"))).toHaveLength(2);
  });

  test("is asked for another token for another right or repository, and not where one is enough", async () => {
    const { far, registry } = setUp();
    await registry.listGrants("team/app", ["pull", "push"]);
    await registry.listTags("team/app");
    await registry.listTags("team/other");
    await registry.listGrants("team/other", ["delete"]);
    const tokens = far.requests.filter(({ url }) => url.pathname === "/token");
    expect(tokens.map(({ url }) => url.searchParams.get("scope"))).toEqual([
      "repository:team/app:pull,push",
      "repository:team/other:pull",
      "repository:team/other:delete",
    ]);
  });

  test("gives one token to those who ask at the same time", async () => {
    const { far, registry } = setUp();
    await Promise.all([1, 2, 3].map(() => registry.listTags("team/app")));
    expect(far.lines().filter((line) => line.includes("/token"))).toHaveLength(1);
    expect(far.lines().filter((line) => line === "GET /v2/")).toHaveLength(1);
  });

  test("that revokes a token gets a fresh one, once", async () => {
    const { far, registry } = setUp();
    far.put("team/app", Buffer.from("{}"), "x", "1");
    await registry.listTags("team/app");
    far.revoke();
    expect(await registry.listTags("team/app")).toEqual(["1"]);
    far.intercept(({ url }) => (url.pathname.includes("/tags/") ? far.refuse() : undefined));
    const before = far.requests.length;
    await expect(registry.listTags("team/app")).rejects.toMatchObject({ facts: { status: 401, code: "UNAUTHORIZED" } });
    expect(far.lines().slice(before)).toEqual([
      "GET /v2/team/app/tags/list?n=1000",
      expect.stringContaining("GET /token"),
      "GET /v2/team/app/tags/list?n=1000",
    ]);
  });

  test("that wants more than was asked for is asked for that, too", async () => {
    const { far, registry } = setUp();
    let told = false;
    far.intercept(({ url }) => {
      if (told || !url.pathname.includes("/tags/")) return undefined;
      told = true;
      return far.refuse("repository:team/app:pull,metadata_read");
    });
    await registry.listTags("team/app");
    const scopes = far.requests.map(({ url }) => url.searchParams.get("scope"));
    expect(scopes).toContain("repository:team/app:pull,metadata_read");
  });

  test("whose token service refuses is told with its words", async () => {
    const { far, registry } = setUp();
    far.intercept(({ url }) =>
      url.pathname === "/token" ? json(401, { details: "incorrect username or password" }) : undefined,
    );
    await expect(registry.listTags("team/app")).rejects.toMatchObject({
      facts: { status: 401, said: "incorrect username or password", wanted: ["repository:team/app:pull"] },
    });
  });

  test("whose token service gives a page instead of a token is told", async () => {
    const { far, registry } = setUp();
    far.intercept(({ url }) => (url.pathname === "/token" ? { status: 200, body: "<html>welcome</html>" } : undefined));
    await expect(registry.listTags("team/app")).rejects.toMatchObject({ facts: { code: "no-token" } });
  });

  test.each([
    ["another domain", "https://evil.example.com/token"],
    ["no TLS", "http://ghcr.io/token"],
    ["this machine", "http://127.0.0.1/token"],
  ])("that sends us to %s gets no password there", async (_, realm) => {
    const { far, registry } = setUp({ realm });
    await expect(registry.listTags("team/app")).rejects.toMatchObject({ facts: { code: "foreign-realm" } });
    expect(far.lines()).toEqual(["GET /v2/"]);
  });

  test("sends nobody's token request anywhere it likes, as there is nothing to lose", async () => {
    const { far, registry } = setUp({ realm: "https://auth.example.com/token" }, { kind: "anonymous" });
    await registry.listTags("team/app");
    expect(far.requests[1]).toMatchObject({ authorization: undefined });
    expect(far.requests[1]?.url.host).toBe("auth.example.com");
  });
});

test("Docker Hub is asked at its own hosts, and official images by their full name", async () => {
  const { far, registry } = setUp(
    { host: "registry-1.docker.io", realm: "https://auth.docker.io/token" },
    PASSWORD,
    "docker.io",
  );
  await registry.listTags("busybox");
  expect(far.requests.map(({ url }) => `${url.host}${url.pathname}`)).toEqual([
    "registry-1.docker.io/v2/",
    "auth.docker.io/token",
    "registry-1.docker.io/v2/library/busybox/tags/list",
  ]);
  expect(far.requests[1]?.authorization).toBe(BASIC);
});

test("a registry that wants a password gets it with each request", async () => {
  const { far, registry } = setUp({ auth: "basic" });
  await registry.listTags("team/app");
  expect(far.requests.map(({ authorization }) => authorization)).toEqual([undefined, BASIC]);
});

test("a registry that is open to reading and not to writing gets the password when it asks for it", async () => {
  const { far, registry } = setUp({ auth: "open" });
  far.intercept(({ method, authorization }) =>
    method === "PUT" && authorization === undefined
      ? json(401, oops("UNAUTHORIZED", "no"), { "www-authenticate": 'Basic realm="r"' })
      : undefined,
  );
  const bytes = Buffer.from("{}");
  await registry.putManifest("team/app", "1", { mediaType: "x", digest: far.put("x", bytes, "x"), bytes });
  expect(far.manifests.has("team/app@1")).toBe(true);
});

describe("an Azure registry", () => {
  test("is not asked how: the refresh token goes to its own token service by POST", async () => {
    const { far, registry, asked } = setUpAcr();
    await registry.listTags("team/app");
    expect(far.lines()).toEqual(["POST /oauth2/token", "GET /v2/team/app/tags/list?n=1000"]);
    expect(Object.fromEntries(new URLSearchParams(far.requests[0]?.body.toString()))).toEqual({
      grant_type: "refresh_token",
      client_id: "mayfly",
      service: ACR,
      scope: "repository:team/app:pull",
      refresh_token: "refresh-1",
    });
    expect(asked).toEqual([false]);
  });

  test("that refuses a refresh token gets a fresh one, once", async () => {
    const { far, registry, asked } = setUpAcr();
    far.intercept(({ url, body }) =>
      url.pathname === "/oauth2/token" && body.includes("refresh-1")
        ? json(401, oops("UNAUTHORIZED", "no"))
        : undefined,
    );
    await registry.listTags("team/app");
    expect(asked).toEqual([false, true]);
    far.intercept(({ url }) => (url.pathname === "/oauth2/token" ? json(401, oops("UNAUTHORIZED", "no")) : undefined));
    await expect(registry.listTags("team/other")).rejects.toMatchObject({ facts: { status: 401 } });
    expect(asked).toEqual([false, true, false, true]);
  });

  test("that refuses an access token in the middle gets one from a fresh refresh token", async () => {
    const { far, registry, asked } = setUpAcr();
    await registry.listTags("team/app");
    far.revoke();
    await registry.listTags("team/app");
    expect(asked).toEqual([false, true]);
  });

  test("cannot send the refresh token to another registry", async () => {
    const { far, registry } = setUpAcr();
    const header = { "www-authenticate": `Bearer realm="https://other.azurecr.io/oauth2/token",service="other"` };
    far.intercept(({ url }) =>
      url.pathname.startsWith("/v2/") ? json(401, oops("UNAUTHORIZED", "no"), header) : undefined,
    );
    await expect(registry.listTags("team/app")).rejects.toMatchObject({ facts: { code: "foreign-realm" } });
    expect(far.requests.every(({ url }) => url.host === ACR)).toBe(true);
  });
});

describe("a challenge", () => {
  test.each([
    ['Bearer realm="https://x/t",service="s",scope="repository:a:pull,push"', "bearer", "repository:a:pull,push"],
    ['Basic realm="r", Bearer realm="https://x/t", scope="a b"', "bearer", "a b"],
    ["bearer realm=https://x/t,scope=a", "bearer", "a"],
    ['Bearer realm = "https://x/t" , scope = "a\\"b"', "bearer", 'a"b'],
  ])("%s is read", (header, scheme, scope) => {
    const found = parseChallenges(header).find((challenge) => challenge.scheme === scheme);
    expect(found?.parameters).toMatchObject({ realm: "https://x/t", scope });
  });

  test("that is any text ends in time, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: fc.constantFrom(...'aB=" ,\\\t') }), (text) => {
        expect(Array.isArray(parseChallenges(text))).toBe(true);
      }),
    );
  });
});

test("joined scopes cover both sides, whatever they are", () => {
  const scope = fc
    .tuple(fc.constantFrom("a", "team/b"), fc.uniqueArray(fc.constantFrom("pull", "push", "delete"), { minLength: 1 }))
    .map(([name, actions]) => `repository:${name}:${actions.join(",")}`);
  fc.assert(
    fc.property(fc.array(scope), fc.array(scope), (left, right) => {
      const joined = joinScopes(left, right);
      expect(covers(joined, left) && covers(joined, right)).toBe(true);
      expect(new Set(joined.map((each) => each.split(":")[1])).size).toBe(joined.length);
    }),
  );
});
