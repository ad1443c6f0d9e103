import { beforeEach, describe, expect, test } from "@jest/globals";
import { httpChecker } from "../../../../src/actions/smoke/checks/http.ts";
import type { Look } from "../../../../src/actions/smoke/look.ts";
import type { HttpAnswer } from "../../../../src/actions/smoke/world.ts";
import type { Http } from "../../../../src/smoke/spec/checks/http.ts";
import { networkFault } from "../fake/network.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, type Scene } from "../fake/world.ts";

const URL = "https://shop.example/healthz";
const SECRET = "hunter2-hunter2";
let scene: Scene;
let world: FakeWorld;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
});

const look = (check: Partial<Http>): Promise<Look> =>
  lookOnce(
    httpChecker,
    { url: URL, method: "GET", followRedirects: false, ...check } as Http,
    createScope(scene, world),
  );

function answer(given: Partial<HttpAnswer>): void {
  scene.network.answers.http = () => given;
}

describe("what an answer has to be", () => {
  const body = JSON.stringify({ status: "ok", version: "abc123", items: [1, 2], on: null });
  const certificate = { expiresAt: new Date("2126-01-01"), subject: "CN=shop.example", issuer: "CN=CA" };
  const good: Partial<HttpAnswer> = {
    status: 200,
    headers: { "content-type": "application/json", "x-build": "abc123" },
    body,
    latencyMs: 120,
    certificate,
  };

  test.each<[string, Partial<Http>, Partial<HttpAnswer>, RegExp]>([
    ["a status", { status: 200 }, { status: 503, body: "no db" }, /^status 503 in 120 ms, body "no db"$/],
    ["one of some", { status: [200, 204] }, { status: 500 }, /^status 500/],
    ["a header", { headers: { "Content-Type": { contains: "json" } } }, { headers: {} }, /no header Content-Type/],
    ["a served build", { headers: { "X-Build": "abc123" } }, { headers: { "x-build": "old" } }, /header X-Build "old"/],
    ["a build in JSON", { jsonpath: { "$.version": "abc123" } }, { body: '{"version":"old"}' }, /\$\.version "old"/],
    ["a field", { jsonpath: { "$.items[1]": 2 } }, { body: '{"items":[1]}' }, /nothing at \$\.items\[1\]/],
    ["JSON at all", { jsonpath: { "$.gone": { exists: false } } }, { body: "<html>" }, /no JSON: body "<html>"/],
    ["a body", { body: { contains: "ok" } }, { body: "starting" }, /body "starting"/],
    ["no error in it", { body: { not: { contains: "error" } } }, { body: "an error" }, /body "an error"/],
    ["a time", { maxLatency: 200 }, { latencyMs: 200.5 }, /an answer after 201 ms/],
    ["no failure", { maxLatency: 200 }, { status: 500 }, /^status 500/],
    [
      "no redirect to somebody else",
      { maxLatency: 200 },
      { status: 302, headers: { location: "/login" } },
      /^status 302/,
    ],
    ["days left", { certificate: { daysLeft: 30 } }, { certificate: undefined }, /no TLS/],
    [
      "enough days left",
      { certificate: { daysLeft: 30 } },
      { certificate: { ...certificate, expiresAt: new Date("2020-01-02") } },
      /of CN=shop.example expires on 2020-01-02, in -\d+ days/,
    ],
    [
      "something to capture",
      { status: 200, captures: { id: { jsonpath: "$.version" } } },
      { body: "{}" },
      /nothing to capture as id/,
    ],
  ])("%s: holds, and does not hold", async (_, check, bad, seen) => {
    answer(good);
    expect((await look(check)).state).toBe("holds");
    answer({ ...good, ...bad });
    const missed = await look(check);
    expect(missed).toMatchObject({ state: "not-yet", seen: expect.stringMatching(seen) });
    expect(missed.expected).not.toBe("");
    expect(missed.captures).toBeUndefined();
  });

  test.each<[Partial<HttpAnswer>, boolean]>([
    [{ status: 302, headers: { location: "/login" } }, true],
    [{ status: 302, headers: { location: "/" } }, false],
    [{ status: 201, headers: { location: "/login" } }, false],
    [{ status: 302 }, false],
  ])("a redirect that it points to: %j", async (given, holds) => {
    answer(given);
    expect((await look({ redirect: { endsWith: "/login" } })).state).toBe(holds ? "holds" : "not-yet");
  });

  test("where redirects have led, once they are followed", async () => {
    answer({ status: 200, url: "https://login.example/" });
    expect((await look({ redirect: "https://login.example/", followRedirects: true })).state).toBe("holds");
  });

  test("values are captured from body and headers", async () => {
    answer(good);
    const { captures } = await look({
      status: 200,
      captures: {
        version: { jsonpath: "$.version" },
        items: { jsonpath: "$.items" },
        build: { header: "X-Build" },
        half: { regex: "abc(\\d+)" },
      },
    });
    expect(captures).toEqual({ version: "abc123", items: "[1,2]", build: "abc123", half: "123" });
  });

  test("a body that was cut proves nothing, not even that something is not in it", async () => {
    answer({ body: "x".repeat(10), cut: true });
    for (const check of [{ body: { not: { contains: "error" } } }, { jsonpath: { "$.a": { exists: false } } }]) {
      expect(await look(check)).toMatchObject({ state: "unseen", seen: expect.stringContaining("more than 1 MiB") });
    }
    expect((await look({ status: 200 })).state).toBe("holds");
  });

  test("what is seen is short, on a line, and without secrets, also without half of one", async () => {
    world.mask(SECRET);
    answer({ status: 500, body: `${"x".repeat(113)}${SECRET}\n\u001b[31m`, headers: { "x-key": SECRET } });
    const { seen } = await look({ status: 200, headers: { "X-Key": "a" } });
    expect(seen.length).toBeLessThan(250);
    expect(seen).not.toMatch(/hunt|\p{Cc}/u);
  });
});

describe("what is asked", () => {
  test("a body of JSON, or a text", async () => {
    answer({});
    await look({ status: 200, method: "POST", requestBody: { a: 1 } });
    await look({ status: 200, method: "POST", requestBody: "plain" });
    await look({ status: 200, method: "POST", requestBody: [], requestHeaders: { "Content-Type": "x/y" } });
    expect(scene.network.asked.http.map(({ body, headers }) => ({ body, headers }))).toEqual([
      { body: '{"a":1}', headers: { "content-type": "application/json" } },
      { body: "plain", headers: { "content-type": "text/plain; charset=utf-8" } },
      { body: "[]", headers: { "Content-Type": "x/y" } },
    ]);
  });

  test("no header that HTTP has no place for: all of them are told, and no value", async () => {
    const requestHeaders = { "X Y": "1", Key: "a\nb", Good: "1" };
    await expect(look({ status: 200, requestHeaders })).rejects.toMatchObject({
      code: "smoke-request-invalid",
      message: expect.stringMatching(/"X Y" is no name of a header, "Key" has a value/),
    });
    expect(scene.network.asked.http).toEqual([]);
  });

  test.each(["service://api", "service://a/b/c:80", "https://[bad", "shop.example:99999", "service://API:80/"])(
    "nothing at %s",
    async (url) => {
      await expect(look({ url, status: 200 })).rejects.toMatchObject({ code: "smoke-place-invalid" });
    },
  );

  test.each<[Parameters<typeof networkFault>[0], string]>([
    ["refused", "the connection was refused"],
    ["tls", "the certificate of CN=a expired on 2020-01-01"],
    ["timeout", "no answer within 10 s"],
  ])("an address that does not answer may do so later: %s", async (kind, message) => {
    scene.network.answers.http = () => {
      throw networkFault(kind, message);
    };
    expect(await look({ status: 200 })).toMatchObject({ state: "unseen", expected: "status 200", seen: message });
  });
});
