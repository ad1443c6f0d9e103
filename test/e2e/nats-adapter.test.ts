import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { NatsConnection, NatsServer } from "../../src/actions/smoke/world.ts";
import { KubeRefusal } from "../../src/kubernetes/kube-refusal.ts";
import { connectNats } from "../../src/nats/connect-nats.ts";
import { type RealNats, startNats } from "./nats-server.ts";
import { until } from "./until.ts";

jest.setTimeout(180_000);

const forever = new AbortController().signal;
const limits = { timeoutMs: 5_000, until: forever };
let open: RealNats;
let guarded: RealNats;
let plain: RealNats;
const connections: NatsConnection[] = [];

beforeAll(async () => {
  open = await startNats('jetstream { store_dir: "$STORE" }');
  guarded = await startNats(`
    jetstream { store_dir: "$STORE" }
    authorization {
      users = [
        { user: shop, password: secret, permissions: {
            publish: { allow: ["orders.>", "$JS.API.>", "_INBOX.>"] }, subscribe: { allow: ["orders.>", "_INBOX.>"] } } }
      ]
    }`);
  plain = await startNats("");
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.end();
});

afterAll(async () => {
  for (const server of [open, guarded, plain]) await server.stop();
});

async function join(to: RealNats, rest: Partial<NatsServer> = {}): Promise<NatsConnection> {
  const { host, port } = to;
  const connection = await connectNats({ host, port, dial: undefined, login: {}, ...rest }, limits);
  connections.push(connection);
  return connection;
}

const message = (subject: string, data = "{}") => ({ subject, data, headers: {} });

test("a stream and its consumer are made, found again, and tell how much waits", async () => {
  const nats = await join(open);
  expect(await nats.findStream("TASKS")).toBeUndefined();
  await nats.createStream("TASKS", ["tasks.*", "more.tasks"]);
  expect(await nats.findStream("TASKS")).toEqual({ subjects: ["tasks.*", "more.tasks"], messages: 0, replicas: 1 });

  expect(await nats.findConsumer("TASKS", "workers")).toBeUndefined();
  await nats.createConsumer("TASKS", "workers");
  await nats.publish({ ...message("tasks.new"), stream: "TASKS", id: "one" });
  await nats.publish({ ...message("tasks.new"), stream: "TASKS", id: "two" });
  expect(await nats.findConsumer("TASKS", "workers")).toEqual({ pending: 2, ackPending: 0 });
  expect(await nats.findStream("TASKS")).toMatchObject({ messages: 2 });
});

test("a message is stored once for each id, and a second one is told of", async () => {
  const nats = await join(open);
  await nats.createStream("ONCE", ["once"]);
  await nats.publish({ ...message("once"), stream: "ONCE", id: "run-1" });
  await expect(nats.publish({ ...message("once"), stream: "ONCE", id: "run-1" })).rejects.toMatchObject({
    code: "duplicate",
    message: "stream ONCE has a message with the id run-1 already, and has not stored this one",
  });
  expect(await nats.findStream("ONCE")).toMatchObject({ messages: 1 });
});

test("what no stream stores is refused with the streams that there are", async () => {
  const nats = await join(open);
  await nats.createStream("BILLS", ["bills.>"]);
  await expect(nats.publish({ ...message("typo.new"), stream: "BILLS" })).rejects.toMatchObject({
    code: "no-stream",
    message: expect.stringMatching(/^no stream stores typo\.new: there are the streams .*BILLS \(bills\.>\)/),
  });
  await expect(nats.findConsumer("BILL", "workers")).rejects.toMatchObject({
    code: "no-stream",
    message: expect.stringMatching(/^there is no stream BILL: there are the streams .*BILLS/),
  });
});

test("a subject that another stream stores is refused, and so is a stream that would take it over", async () => {
  const nats = await join(open);
  await nats.createStream("MINE", ["mine"]);
  await nats.createStream("YOURS", ["yours"]);
  await expect(nats.publish({ ...message("mine"), stream: "YOURS" })).rejects.toMatchObject({ code: "wrong-stream" });
  await expect(nats.createStream("THEIRS", ["mine"])).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/overlap.*MINE \(mine\)/),
  });
  expect(await nats.findStream("MINE")).toMatchObject({ messages: 0 });
});

test("a message that expects another sequence is refused", async () => {
  const nats = await join(open);
  await nats.createStream("SEQUENCE", ["sequence"]);
  const expecting = { ...message("sequence"), headers: { "Nats-Expected-Last-Sequence": "7" }, stream: "SEQUENCE" };
  await expect(nats.publish(expecting)).rejects.toMatchObject({ code: "wrong-sequence" });
});

test("a server without JetStream says so", async () => {
  const nats = await join(plain);
  for (const work of [
    () => nats.findStream("TASKS"),
    () => nats.publish({ ...message("tasks.new"), stream: "TASKS" }),
  ]) {
    await expect(work()).rejects.toMatchObject({ code: "jetstream-off" });
  }
});

test("a subscription hears what is published after it, with its subject, and nothing else", async () => {
  const nats = await join(open);
  const other = await join(open);
  await other.publish(message("done.early", "too early"));
  const heard = await nats.subscribe("done.*");
  await other.publish({ ...message("done.1", "first"), id: "x" });
  await other.publish(message("elsewhere", "not this"));
  await until(async () => heard.messages().length === 1);
  expect(heard.messages()).toEqual([{ subject: "done.1", data: "first", atMs: expect.any(Number) }]);

  const next = heard.next(forever);
  await other.publish(message("done.2", "second"));
  await next;
  expect(heard.messages().map(({ data }) => data)).toEqual(["first", "second"]);
  await heard.next(AbortSignal.abort());
});

test("a request is answered; one that nobody listens to says so at once, and one without an answer in time", async () => {
  const nats = await join(open);
  await expect(nats.request(message("ask.nobody"), 5_000)).rejects.toMatchObject({ code: "no-responders" });
  await nats.subscribe("ask.silent");
  await expect(nats.request(message("ask.silent"), 100)).rejects.toMatchObject({ code: "timeout" });

  const service = await answering(open, "ask.time", "it is late");
  expect(await nats.request(message("ask.time"), 5_000)).toBe("it is late");
  service.destroy();
});

test("a wrong password is refused without being told, and what a user may not is forbidden", async () => {
  const wrong = await join(guarded, { login: { user: "shop", password: "guess-me" } }).catch((error) => error);
  expect(wrong).toMatchObject({ code: "login-refused" });
  expect(JSON.stringify([wrong.message, String(wrong.cause)])).not.toContain("guess-me");

  const nats = await join(guarded, { login: { user: "shop", password: "secret" } });
  await expect(nats.publish(message("bills.new"))).rejects.toMatchObject({ code: "forbidden" });
  await expect(nats.subscribe("bills.*")).rejects.toMatchObject({ code: "forbidden" });
  await expect(nats.request(message("bills.new"), 5_000)).rejects.toMatchObject({ code: "forbidden" });
  // The connection is as good as before.
  await nats.createStream("ORDERS", ["orders.>"]);
  await nats.publish({ ...message("orders.new"), stream: "ORDERS" });
  expect(await nats.findStream("ORDERS")).toMatchObject({ messages: 1 });
});

test("a dial leads there as well, one for each connection, and ends with it", async () => {
  const dialled: Duplex[] = [];
  const dial = async () => {
    const far = connect(guarded.port, guarded.host);
    dialled.push(far);
    return far;
  };
  const server = { host: "nats.shop.svc", port: 4222, dial };
  const nats = await join(guarded, { ...server, login: { user: "shop", password: "secret" } });
  const heard = await nats.subscribe("orders.done");
  const big = "x".repeat(900_000);
  await nats.publish(message("orders.done", big));
  await until(async () => heard.messages().length === 1);
  expect(heard.messages()[0]?.data).toBe(big);
  expect(dialled).toHaveLength(1);
  await nats.end();
  await until(async () => dialled.every(({ destroyed }) => destroyed));

  await expect(join(guarded, { ...server, login: { token: "wrong" } })).rejects.toMatchObject({
    code: "login-refused",
  });
});

test("a dial that fails says why in its own words", async () => {
  const refusal = new KubeRefusal(403, "Forbidden", "pods/portforward is forbidden");
  const dial = () => Promise.reject(refusal);
  await expect(join(open, { dial })).rejects.toBe(refusal);
});

test("a server that is not there, or says nothing, is told of", async () => {
  await expect(join({ ...open, port: 1 })).rejects.toMatchObject({ code: "unreachable" });
  await expect(join({ ...open, host: "no-such-host.invalid" })).rejects.toMatchObject({ code: "unreachable" });
  const started = performance.now();
  const order = { host: "nats", port: 4222, dial: () => new Promise<never>(() => {}), login: {} };
  await expect(connectNats(order, { timeoutMs: 200, until: forever })).rejects.toMatchObject({ code: "timeout" });
  const stop = AbortSignal.timeout(200);
  await expect(connectNats(order, { timeoutMs: 30_000, until: stop })).rejects.toMatchObject({ code: "timeout" });
  // Half of what the second one would wait for by itself.
  expect(performance.now() - started).toBeLessThan(15_000);
});

test("a connection that has ended stays so: each call says it, nothing is tried again behind its back", async () => {
  const server = await startNats('jetstream { store_dir: "$STORE" }');
  const nats = await join(server);
  const heard = await nats.subscribe("orders.*");
  await nats.publish(message("orders.1", "kept"));
  await until(async () => heard.messages().length === 1);
  const waiting = heard.next(forever);
  await Promise.all([expect(waiting).rejects.toMatchObject({ code: "lost" }), server.stop()]);
  for (const work of [
    () => nats.findStream("TASKS"),
    () => nats.publish(message("orders.2")),
    () => nats.request(message("orders.2"), 1_000),
    () => nats.subscribe("orders.3"),
    () => heard.next(forever),
  ]) {
    await expect(work()).rejects.toMatchObject({ code: "lost" });
  }
  expect(heard.messages()).toHaveLength(1);
});

/** Somebody who answers, by the protocol's own words. */
async function answering(server: RealNats, subject: string, answer: string): Promise<Duplex> {
  const socket = connect(server.port, server.host);
  let said = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const [, reply] = /MSG \S+ \S+ (\S+) \d+\r\n/.exec(said) ?? [];
    if (reply !== undefined) socket.write(`PUB ${reply} ${answer.length}\r\n${answer}\r\n`);
  });
  socket.write(`CONNECT {"verbose":false}\r\nSUB ${subject} 1\r\nPING\r\n`);
  await until(async () => said.includes("PONG"));
  return socket;
}
