import { once } from "node:events";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { afterEach, expect, test } from "@jest/globals";
import type { NatsConnection, NatsServer } from "../../src/actions/smoke/world.ts";
import { connectNats } from "../../src/nats/connect-nats.ts";
import { openLoopback } from "../../src/nats/loopback.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";

// What a real server does is tried in test/e2e/nats-adapter.test.ts: here is what one does not do when it is asked to.
const limits = { timeoutMs: 2_000, until: new AbortController().signal };
const ending: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function stand(manners: Parameters<typeof startStandIn>[0]): Promise<StandIn> {
  const standIn = await startStandIn(manners);
  ending.push(standIn.stop);
  return standIn;
}

async function join(server: Partial<NatsServer> & { readonly host: string; readonly port: number }) {
  const connection = await connectNats({ dial: undefined, login: {}, ...server }, limits);
  ending.push(connection.end);
  return connection;
}

test("a server that hangs up at once is unreachable, in words", async () => {
  const { host, port } = await stand({ hangsUp: true });
  await expect(join({ host, port })).rejects.toMatchObject({
    code: "unreachable",
    message: `connecting to NATS at ${host}:${port}: the connection was closed`,
  });
});

test("one that is something else than NATS says nothing that is understood", async () => {
  const { host, port } = await stand({});
  const short = { ...limits, timeoutMs: 150 };
  await expect(connectNats({ host, port, dial: undefined, login: {} }, short)).rejects.toMatchObject({
    code: "timeout",
  });
});

test("the login goes to the server and nowhere else", async () => {
  const { host, port, heard } = await stand({ info: {} });
  await join({ host, port, login: { user: "shop", password: "s3cret" } });
  const connects = heard.filter((line) => line.startsWith("CONNECT ")).map((line) => JSON.parse(line.slice(8)));
  expect(connects).toEqual([expect.objectContaining({ user: "shop", pass: "s3cret" })]);
});

test("other servers of its cluster are left alone, and a connection that ends is not made again", async () => {
  const other = await stand({ info: {} });
  const server = await stand({ info: { connect_urls: [`127.0.0.1:${other.port}`] } });
  const nats: NatsConnection = await join(server);
  const heard = await nats.subscribe("orders.*");
  const waiting = heard.next(limits.until);
  for (const socket of server.sockets) socket.destroy();
  await expect(waiting).rejects.toMatchObject({ code: "lost" });
  await expect(nats.publish({ subject: "orders.new", data: "", headers: {} })).rejects.toMatchObject({ code: "lost" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect([server.sockets.length, other.sockets.length]).toEqual([1, 0]);
});

test("a server that wants TLS through a forwarded port is told of", async () => {
  const server = await stand({ info: { tls_required: true } });
  const dial = async () => connect(server.port, server.host);
  await expect(join({ host: "nats.shop.svc", port: 4222, dial })).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(/TLS/),
  });
});

test("what ends the way there is why nothing came of the connection", async () => {
  const dial = async () => {
    const far = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() });
    setTimeout(() => far.destroy(new Error("nobody listens at port 4222 of nats-0")), 20);
    return far;
  };
  await expect(join({ host: "nats.shop.svc", port: 4222, dial })).rejects.toMatchObject({
    code: "unreachable",
    message: "connecting to NATS at nats.shop.svc:4222: nobody listens at port 4222 of nats-0",
  });
});

test("a loopback takes one connection, only of this machine, and is gone when it ends", async () => {
  const server = await stand({ info: {} });
  const loopback = await openLoopback(async () => connect(server.port, server.host));
  ending.push(loopback.end);
  expect(loopback.host).toBe("127.0.0.1");
  const first = connect(loopback.port, loopback.host);
  await once(first, "data");
  const second = connect(loopback.port, loopback.host);
  await expect(once(second, "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await loopback.end();
  await once(first, "close");
  expect(server.sockets).toHaveLength(1);
});
