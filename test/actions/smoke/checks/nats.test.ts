import { beforeEach, describe, expect, test } from "@jest/globals";
import { natsChecker } from "../../../../src/actions/smoke/checks/nats.ts";
import type { Look, Probe } from "../../../../src/actions/smoke/look.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import { NatsFault } from "../../../../src/smoke/nats-fault.ts";
import type { Nats } from "../../../../src/smoke/spec/checks/nats.ts";
import { createScope } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, type Scene } from "../fake/world.ts";

const SERVER = "nats.example.com:4222";

let scene: Scene;
let world: FakeWorld;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
  scope = createScope(scene, world);
});

const begin = (payload: Omit<Nats, "server"> & Partial<Nats>): Probe =>
  natsChecker.begin({ server: SERVER, ...payload }, scope);
const look = (payload: Omit<Nats, "server"> & Partial<Nats>): Promise<Look> => begin(payload).look();
/** Time goes on while something waits for it. */
const drive = <T>(work: Promise<T>): Promise<T> => scene.time.drive(work);
const consumer = { stream: "TASKS", name: "workers", ensure: false };

describe("a stream", () => {
  test("is not there yet, and is not made without subjects", async () => {
    expect(await look({ stream: { name: "TASKS" } })).toMatchObject({
      state: "not-yet",
      seen: "there is no stream TASKS",
    });
    expect(scene.nats.streams.size).toBe(0);
  });

  test("is made with the subjects that it has to have, once", async () => {
    const probe = begin({ stream: { name: "TASKS", subjects: ["tasks.b", "tasks.a"] } });
    expect(await probe.look()).toMatchObject({ state: "holds", expected: "stream TASKS of tasks.a, tasks.b" });
    expect(scene.nats.streams.get("TASKS")).toMatchObject({ subjects: ["tasks.b", "tasks.a"] });
    expect(await probe.look()).toMatchObject({
      state: "holds",
      seen: "it is of tasks.a, tasks.b, messages 0, replicas 1",
    });
  });

  test("with other subjects is left as it is, and both are told", async () => {
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 1 });
    const seen = await look({ stream: { name: "TASKS", subjects: ["tasks.new"] } });
    expect(seen).toMatchObject({ state: "not-yet", expected: "stream TASKS of tasks.new" });
    expect(seen.seen).toMatch(/^it is of tasks\.>/);
    expect(scene.nats.streams.get("TASKS")).toEqual({ subjects: ["tasks.>"], stored: [], replicas: 1 });
  });

  test("has as many messages and replicas as it has to", async () => {
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 3 });
    const wanted = (messages: number) => look({ stream: { name: "TASKS", messages, replicas: { ">=": 3 } } });
    expect(await wanted(0)).toMatchObject({
      state: "holds",
      expected: "stream TASKS with messages 0 and replicas >= 3",
    });
    expect(await wanted(1)).toMatchObject({ state: "not-yet" });
  });
});

describe("a consumer", () => {
  test("is made only where that is asked for", async () => {
    expect(await look({ consumer })).toMatchObject({ state: "not-yet", seen: "stream TASKS has no consumer workers" });
    expect(await look({ consumer: { ...consumer, ensure: true } })).toMatchObject({ state: "holds" });
    expect([...scene.nats.consumers.keys()]).toEqual(["TASKS/workers"]);
  });

  test("lags by what is pending and what is not acknowledged together", async () => {
    scene.nats.consumers.set("TASKS/workers", { pending: 2, ackPending: 3 });
    expect(await look({ consumer: { ...consumer, lag: 5, pending: 2, ackPending: { "<": 4 } } })).toMatchObject({
      state: "holds",
      seen: "pending 2, ackPending 3",
    });
    expect(await look({ consumer: { ...consumer, lag: 0 } })).toMatchObject({ state: "not-yet" });
  });
});

describe("a message", () => {
  test("is published once, however often it is looked at, and the time of it is kept", async () => {
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 1 });
    await drive(scene.time.sleep(1_500));
    const probe = begin({
      publish: { subject: "tasks.new", data: { id: 7 }, stream: "TASKS", headers: { trace: "1" } },
    });
    for (let tries = 0; tries < 3; tries += 1) expect(await probe.look()).toMatchObject({ state: "holds" });
    expect(scene.nats.published).toEqual([
      { subject: "tasks.new", data: '{"id":7}', headers: { trace: "1" }, stream: "TASKS", id: expect.any(String) },
    ]);
    expect(scope.memory.publishedAtMs).toBe(1_500);
  });

  test("of each check and run has an id of its own, unless the spec has one", async () => {
    const publish = { subject: "tasks.new", data: "as it stands" };
    await look({ publish });
    await look({ publish });
    await look({ publish: { ...publish, headers: { "nats-msg-id": "mine" } } });
    const [first, second, own] = scene.nats.published;
    expect(first?.id).not.toBe(second?.id);
    expect(own).toEqual({
      subject: "tasks.new",
      data: "as it stands",
      headers: { "nats-msg-id": "mine" },
      stream: undefined,
    });
  });

  test("that nobody stores is tried again until somebody does", async () => {
    const probe = begin({ publish: { subject: "tasks.new", stream: "TASKS" } });
    expect(await probe.look()).toMatchObject({
      state: "not-yet",
      seen: expect.stringContaining("listens to tasks.new"),
    });
    expect(scope.memory.publishedAtMs).toBeUndefined();
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 1 });
    expect(await probe.look()).toMatchObject({ state: "holds" });
    expect(scene.nats.published).toHaveLength(1);
  });

  test("whose answer was lost is stored once, and counts from when it was sent", async () => {
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 1 });
    scene.nats.settings.lose = () => new NatsFault("lost", "the connection has ended");
    await drive(scene.time.sleep(100));
    const probe = begin({ publish: { subject: "tasks.new", stream: "TASKS" } });
    expect(await probe.look()).toMatchObject({ state: "unseen" });
    scene.nats.settings.lose = () => undefined;
    await drive(scene.time.sleep(2_000));
    expect(await probe.look()).toMatchObject({ state: "holds" });
    expect(scene.nats.streams.get("TASKS")?.stored).toHaveLength(1);
    expect(scope.memory.publishedAtMs).toBe(100);
  });

  test("that may have arrived somewhere is not sent a second time", async () => {
    scene.nats.settings.lose = () => new NatsFault("timeout", "no answer came in time");
    const probe = begin({ publish: { subject: "tasks.new" } });
    for (let tries = 0; tries < 3; tries += 1) expect(await probe.look()).toMatchObject({ state: "unseen" });
    expect(scene.nats.published).toHaveLength(1);
  });

  test("that the stream had before is no new one", async () => {
    scene.nats.streams.set("TASKS", { subjects: ["tasks.>"], stored: [], replicas: 1 });
    scene.nats.settings.lose = () => new NatsFault("duplicate", "stream TASKS has a message with the id mine already");
    const publish = { subject: "tasks.new", stream: "TASKS", headers: { "Nats-Msg-Id": "mine" } };
    expect(await look({ publish })).toMatchObject({ state: "never", seen: expect.stringContaining("the id mine") });
  });
});

describe("a subscription", () => {
  test("hears what comes after it, and is looked at by its name", async () => {
    scene.nats.send("done.0", "too early");
    expect(await look({ subscribe: { subject: "done.*", as: "results" } })).toMatchObject({ state: "holds" });
    scene.nats.send("done.1", '{"id":1,"ok":true}');
    scene.nats.send("done.2", '{"id":2,"ok":false}');
    const received = { subscription: "results", count: 1 };
    expect(await look({ received: { ...received, jsonpath: { "$.id": 2, "$.ok": false } } })).toMatchObject({
      state: "holds",
      expected: "1 message to results with $.id 2 and $.ok false",
      seen: '2 messages, 1 of them so, the last done.2 "{\\"id\\":2,\\"ok\\":false}"',
    });
    expect(await drive(look({ received: { ...received, jsonpath: { "$.id": 1, "$.ok": false } } }))).toMatchObject({
      state: "not-yet",
    });
    expect(await look({ received: { ...received, count: 2, data: { contains: "ok" } } })).toMatchObject({
      state: "holds",
    });
    expect(await drive(look({ received: { ...received, count: 3 } }))).toMatchObject({ state: "not-yet" });
  });

  test("that is looked at sees a message as soon as it comes", async () => {
    await look({ subscribe: { subject: "done", as: "results" } });
    const looking = look({ received: { subscription: "results", count: 1, data: "late" } });
    scene.nats.send("done", "other");
    scene.nats.send("done", "late");
    expect(await looking).toMatchObject({ state: "holds" });
    expect(scope.elapsed()).toBe(0);
  });

  test("may have to hear nothing", async () => {
    await look({ subscribe: { subject: "failed", as: "failures" } });
    const received = { subscription: "failures", count: 0 };
    expect(await drive(look({ received }))).toMatchObject({ state: "holds", expected: "no message to failures" });
    scene.nats.send("failed", "boom");
    expect(await look({ received })).toMatchObject({ state: "never", seen: '1 message, the last failed "boom"' });
    expect(await drive(look({ received: { ...received, data: "other" } }))).toMatchObject({ state: "holds" });
  });

  test("that has to hear nothing listens for a while, and has heard nothing only as long as it hears at all", async () => {
    await look({ subscribe: { subject: "failed", as: "failures" } });
    const received = { subscription: "failures", count: 0 };
    scene.time.after(500, () => scene.nats.send("failed", "boom"));
    expect(await drive(look({ received }))).toMatchObject({ state: "never" });
    scene.nats.settings.deafen = () => new NatsFault("lost", "the connection has ended");
    expect(await look({ received: { ...received, data: "other" } })).toMatchObject({
      state: "unseen",
      seen: expect.stringContaining("the connection has ended"),
    });
  });

  test("that nobody began is the spec's fault, also where nothing may come", async () => {
    await look({ subscribe: { subject: "done", as: "results" } });
    for (const count of [0, 1]) {
      await expect(look({ received: { subscription: "result", count } })).rejects.toMatchObject({
        code: "smoke-subscription-unknown",
        message: expect.stringContaining("those before are results"),
      });
    }
  });
});

describe("a request", () => {
  test("is asked at each look, and its answer has to be so", async () => {
    scene.nats.settings.answer = ({ data }) => `{"echo":${data}}`;
    const request = { subject: "ask", data: { id: 1 }, answer: { jsonpath: { "$.echo.id": 1 } } };
    expect(await look({ request })).toMatchObject({ state: "holds", expected: "an answer from ask with $.echo.id 1" });
    scene.nats.settings.answer = () => "busy";
    expect(await look({ request })).toMatchObject({ state: "not-yet", seen: 'answered "busy"' });
  });

  test("that nobody answers is not so yet", async () => {
    expect(await look({ request: { subject: "ask" } })).toMatchObject({
      state: "not-yet",
      seen: "nobody answers there",
    });
  });
});

describe("a server", () => {
  test("has one connection of a test for each login, which ends with the test", async () => {
    await Promise.all([look({ stream: { name: "A" } }), look({ stream: { name: "B" } })]);
    await look({ stream: { name: "A" }, user: "shop", password: "s3cret" });
    expect(scene.nats.servers.map(({ login }) => login)).toEqual([{}, { user: "shop", password: "s3cret" }]);
    for (const held of scope.memory.held.values()) await held.end();
    expect(scene.nats.open()).toBe(0);
  });

  test("that cannot be reached proves nothing, and is tried again", async () => {
    scene.nats.settings.refuse = () => new NatsFault("unreachable", "connect ECONNREFUSED");
    const probe = begin({ stream: { name: "TASKS", subjects: ["tasks.>"] } });
    expect(await probe.look()).toMatchObject({ state: "unseen", seen: "connect ECONNREFUSED" });
    scene.nats.settings.refuse = () => undefined;
    expect(await probe.look()).toMatchObject({ state: "holds" });
  });

  test("of a Service that is not there proves nothing either", async () => {
    const seen = await look({ server: "service://nats:4222", stream: { name: "TASKS" } });
    expect(seen).toMatchObject({ state: "unseen", seen: expect.stringContaining('no Service "nats"') });
  });

  test("that refuses the login has said no, without telling the password", async () => {
    scene.nats.settings.refuse = () => new NatsFault("login-refused", "authorization violation");
    const seen = await look({ stream: { name: "TASKS" }, user: "shop", password: "guess-me" });
    expect(seen).toMatchObject({ state: "not-yet", seen: "authorization violation" });
    expect(JSON.stringify(seen)).not.toContain("guess-me");
  });

  test("whose connection has ended is connected to anew", async () => {
    scene.nats.settings.lose = () => new NatsFault("lost", "the connection has ended");
    await look({ publish: { subject: "tasks.new" } });
    scene.nats.settings.lose = () => undefined;
    await look({ publish: { subject: "tasks.new" } });
    expect(scene.nats.servers).toHaveLength(2);
    expect(scene.nats.open()).toBe(1);
  });
});
