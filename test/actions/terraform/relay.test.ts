import { globSync, readFileSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { connectRelay } from "../../../src/actions/terraform/connect-relay.ts";
import type { Effect } from "../../azure/faults.ts";
import { askRelay, openRelayScene, type RelayScene, STAGE, until, wait } from "./relay-scene.ts";

jest.setTimeout(40_000);

let scene: RelayScene;
beforeEach(async () => {
  scene = await openRelayScene();
});
afterEach(async () => {
  await scene[Symbol.asyncDispose]();
});

const AZURE = "api://AzureADTokenExchange";
const GITHUB = { host: /actions\.githubusercontent\.com$/ };

describe("a relay", () => {
  test("answers as GitHub does, and asks GitHub once for each audience", async () => {
    const relay = await scene.start();
    const answers = [];
    for (const audience of [AZURE, AZURE, "vault", AZURE]) answers.push(await askRelay(relay, { audience }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const tokens = answers.map(({ body }) => String(body["value"]));
    expect(tokens.map((token) => decodeJwt(token).aud)).toEqual([AZURE, AZURE, "vault", AZURE]);
    expect(new Set(tokens).size).toBe(2);
    expect(answers[0]?.body).toEqual({ count: tokens[0]?.length, value: tokens[0] });
    expect(answers[0]?.headers).toMatchObject({ "cache-control": "no-store" });
    expect(decodeJwt(String((await askRelay(relay)).body["value"])).aud).toBe("https://github.com/octo");
    expect(scene.fetched()).toBe(3);
    expect(await relay.stop()).toEqual({ asked: 5, fetched: 3, reused: 2, retried: 0, spared: 0, failed: 0 });
  });

  test("has an address with a query, since clients append to it, and a masked secret of 32 bytes", async () => {
    const relay = await scene.start();
    expect(relay.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/idtoken\?\S+$/);
    expect(Buffer.from(relay.token, "base64url")).toHaveLength(32);
    expect(scene.masked).toEqual([relay.token]);
  });

  test("serves a thousand at once with one request to GitHub", async () => {
    const relay = await scene.start();
    scene.azure.faults.add({ name: "far", when: GITHUB }, { kind: "slow", milliseconds: 300 });
    const all = await Promise.all(Array.from({ length: 1_000 }, () => askRelay(relay, { audience: AZURE })));
    expect(new Set(all.map(({ status, body }) => `${status} ${body["value"]}`)).size).toBe(1);
    expect(all[0]?.status).toBe(200);
    expect(scene.fetched()).toBe(1);
    expect(await relay.stop()).toMatchObject({ asked: 1_000, fetched: 1, reused: 999 });
  });

  test("tells nobody of tokens: not its files, not its command line, and of the job's secrets it knows none", async () => {
    const folder = scene.folder();
    const relay = await scene.start(folder);
    const { body } = await askRelay(relay, { audience: AZURE });
    scene.azure.faults.add({ name: "no", when: GITHUB }, { kind: "respond", status: 401, body: { message: "no" } });
    await askRelay(relay, { audience: "other" });
    const read = (what: string): string => readFileSync(`/proc/${relay.state.pid}/${what}`, "latin1");
    const [commandLine, environment] = [read("cmdline"), read("environ")];
    await relay.stop();
    const files = globSync("*", { cwd: folder }).map((name) => join(folder, name));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    const seen = [commandLine, ...files.map((file) => readFileSync(file, "utf8"))].join("\n");
    for (const secret of [String(body["value"]), relay.token, scene.team.job.requestToken])
      expect(seen.includes(secret)).toBe(false);
    expect(environment).not.toContain("ARM_CLIENT_SECRET");
  });

  test("is one of two that know nothing of each other", async () => {
    const [one, other] = await Promise.all([scene.start(), scene.start()]);
    expect(one.url).not.toBe(other.url);
    expect((await askRelay({ url: one.url, token: other.token })).status).toBe(401);
    expect((await askRelay(other)).status).toBe(200);
    expect(await one.stop()).toMatchObject({ asked: 0, fetched: 0 });
    expect((await askRelay(other)).status).toBe(200);
  });

  test("is not started where the job has no ID tokens", async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_TOKEN: _, ...environment } = scene.environment;
    const starter = connectRelay({ environment, mask: () => undefined }, STAGE);
    expect(await starter.start({ folder: scene.folder() })).toBeUndefined();
  });

  test("that does not start says why", async () => {
    const stage = join(import.meta.dirname, "fixtures/broken-relay/index.ts");
    const failed = scene.start(scene.folder(), stage);
    await expect(failed).rejects.toMatchObject({ name: "UserError", code: "relay-not-started" });
    await expect(failed).rejects.toThrow("the sky is falling");
  });
});

describe("whoever has no business here", () => {
  test.each([
    ["with another secret", { headers: { authorization: "Bearer x" } }, 401],
    ["from a page whose name points to loopback", { headers: { host: "evil.example:1" } }, 404],
    ["at another path", { target: "/" }, 404],
    ["with another method", { method: "POST" }, 405],
  ])("%s gets no token", async (_, question, status) => {
    const relay = await scene.start();
    const answer = await askRelay(relay, { audience: AZURE, ...question });
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body)).toEqual(["message"]);
    expect(scene.fetched()).toBe(0);
  });

  test("and takes for ever to ask is cut off, and holds up nobody", async () => {
    const relay = await scene.start();
    const port = Number(new URL(relay.url).port);
    const slow: Socket[] = [];
    let closed = 0;
    for (let n = 0; n < 200; n += 1) {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET /idtoken HTTP/1.1\r\nHost: 127"));
      socket
        .on("error", () => undefined)
        .on("close", () => {
          closed += 1;
        });
      slow.push(socket.resume());
    }
    const drip = setInterval(() => {
      for (const socket of slow) if (socket.writable) socket.write("0");
    }, 500);
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    await until(() => closed === slow.length);
    clearInterval(drip);
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
  });

  test("and sends what is no HTTP, or a header without end, is refused", async () => {
    const relay = await scene.start();
    const port = Number(new URL(relay.url).port);
    for (const bytes of ["\u0000\u0001nonsense\r\n\r\n", `GET / HTTP/1.1\r\nX: ${"x".repeat(100_000)}\r\n\r\n`]) {
      const answer = await new Promise<string>((resolve) => {
        let text = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
        socket.on("data", (chunk) => {
          text += chunk;
        });
        socket.on("error", () => undefined).on("close", () => resolve(text));
      });
      expect(answer).toMatch(/^(?:HTTP\/1\.1 4|$)/);
    }
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
  });
});

describe("what happens to GitHub", () => {
  const hiccups: readonly (readonly [string, Effect])[] = [
    ["403", { kind: "respond", status: 403, body: { message: "no" } }],
    ["429 with a wait", { kind: "throttle", seconds: 1 }],
    ["500 with a page", { kind: "respond", status: 500, body: "<html>" }],
    ["503", { kind: "respond", status: 503 }],
    ["a broken connection", { kind: "reset" }],
    ["a connection that breaks in the answer", { kind: "cut", of: "response", bytes: 20 }],
    ["a proxy's page", { kind: "respond", status: 200, body: "<html>welcome</html>" }],
    ["an answer without a token", { kind: "respond", status: 200, body: {} }],
  ];
  test.each(hiccups)("is not noticed by terraform: %s, twice", async (name, effect) => {
    const relay = await scene.start();
    scene.azure.faults.add({ name, when: GITHUB, times: 2 }, effect);
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    expect(await relay.stop()).toMatchObject({ asked: 1, fetched: 1, retried: 2, failed: 0 });
  });

  test("is not noticed by terraform: no answer at all, once", async () => {
    const relay = await scene.start();
    scene.azure.faults.add({ name: "mute", when: GITHUB, times: 1 }, { kind: "slow", milliseconds: 20_000 });
    const before = performance.now();
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  test("is told in time when it lasts, so that terraform comes again", async () => {
    const relay = await scene.start();
    scene.azure.faults.add({ name: "down", when: GITHUB }, { kind: "respond", status: 502, body: "<html>" });
    const before = performance.now();
    const answer = await askRelay(relay, { audience: AZURE });
    expect(performance.now() - before).toBeLessThan(9_000);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    scene.azure.faults.clear();
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
  });

  test("is told at once when the job's own token is over", async () => {
    const relay = await scene.start();
    scene.azure.github.complete(scene.team.job);
    const answer = await askRelay(relay, { audience: AZURE });
    expect(answer.status).toBe(400);
    expect(answer.body["message"]).toContain("'Completed' state");
    expect(scene.fetched()).toBe(1);
  });

  test("costs nothing while the last token lives; one near its end is replaced", async () => {
    const relay = await scene.start();
    // By GitHub's clock the first token has 62 s to live when it comes, the next five minutes.
    const nearItsEnd: Effect = {
      kind: "rewrite",
      answer: (response) => {
        const date = new Date(Date.now() + 238_000).toUTCString();
        return { ...response, headers: { ...response.headers, date } };
      },
    };
    scene.azure.faults.add({ name: "old", when: GITHUB, times: 1 }, nearItsEnd);
    const tokens: unknown[] = [];
    const ask = async (): Promise<void> => void tokens.push((await askRelay(relay, { audience: AZURE })).body["value"]);
    await ask();
    await wait(2_500);
    scene.azure.faults.add({ name: "down", when: GITHUB }, { kind: "respond", status: 503 });
    await ask();
    scene.azure.faults.clear();
    await wait(5_500);
    await ask();
    await ask();
    expect([tokens[1] === tokens[0], tokens[2] === tokens[0], tokens[3] === tokens[2]]).toEqual([true, false, true]);
    expect(await relay.stop()).toMatchObject({ asked: 4, fetched: 2, spared: 1, reused: 1, failed: 0 });
  });
});
