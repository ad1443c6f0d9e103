import { once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import type { PodProgram } from "../kubernetes/pod-stream.ts";
import { type Bed, makeBed, putWeb, until, WEB } from "./on-stand-in.ts";

async function bedWith(listener: PodProgram | undefined): Promise<Bed> {
  const bed = await makeBed();
  putWeb(bed.server);
  if (listener !== undefined) bed.server.settings.ports.set("default/web/8080", listener);
  return bed;
}

const echo: PodProgram = (stream) => stream.onData((channel, data) => stream.send(channel, data));

async function readAll(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe("a forwarded port", () => {
  test("carries bytes both ways, and says when the other side is done", async () => {
    await using bed = await bedWith((stream) =>
      stream.onData((_, data) => {
        stream.send(0, data.toString().toUpperCase());
        if (data.includes("bye")) stream.socket.close(1000);
      }),
    );
    const stream = await bed.connect().forward(WEB, 8080);
    stream.write("hello ");
    stream.write("bye");
    expect(await readAll(stream)).toBe("HELLO BYE");
    expect(bed.server.requests.at(-1)).toMatchObject({
      path: "/api/v1/namespaces/default/pods/web/portforward",
      query: { ports: "8080" },
    });
  });

  test("carries much, also to who reads late", async () => {
    await using bed = await bedWith(echo);
    const stream = await bed.connect().forward(WEB, 8080);
    const sent = Buffer.alloc(8 * 1024 * 1024, "0123456789");
    for (let at = 0; at < sent.length; at += 1024 * 1024) stream.write(sent.subarray(at, at + 1024 * 1024));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const got: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream) {
      got.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes === sent.length) break;
    }
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  test("is not read faster than its reader reads", async () => {
    await using bed = await bedWith((stream) => {
      for (let sent = 0; sent < 256; sent += 1) stream.send(0, Buffer.alloc(32 * 1024));
    });
    const stream = await bed.connect().forward(WEB, 8080);
    stream.read(0);
    await until(() => stream.readableLength > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stream.readableLength).toBeLessThan(1024 * 1024);
    stream.destroy();
  });

  test("is a connection that HTTP can go over", async () => {
    await using bed = await bedWith((stream) =>
      stream.onData(() => stream.send(0, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhome")),
    );
    const stream = await bed.connect().forward(WEB, 8080);
    const asked = request({ createConnection: () => stream, headers: { host: "web" } }).end();
    const [response] = await once(asked, "response");
    expect(await readAll(response)).toBe("home");
  });

  test("ends both ways once what was written is sent", async () => {
    const seen: string[] = [];
    let closed = false;
    await using bed = await bedWith((stream) => {
      stream.onData((_, data) => seen.push(data.toString()));
      stream.socket.on("close", () => {
        closed = true;
      });
    });
    const stream = await bed.connect().forward(WEB, 8080);
    stream.resume();
    stream.write("last ");
    stream.end("words");
    await once(stream, "close");
    await until(() => closed);
    expect(seen.join("")).toBe("last words");
  });

  test("where nobody listens errors with the kubelet's words", async () => {
    await using bed = await bedWith(undefined);
    const stream = await bed.connect().forward(WEB, 8080);
    await expect(readAll(stream)).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: expect.stringMatching(/^error forwarding port 8080 to pod web, .*connection refused$/),
    });
  });

  test.each<[string, PodProgram, string]>([
    ["is cut", (stream) => stream.socket.terminate(), "cut"],
    ["breaks the protocol", (stream) => stream.socket.close(1011, "broken"), "cut"],
  ])("that %s errors, so that half of an answer is not taken for all", async (_, program, words) => {
    await using bed = await bedWith((stream) => {
      stream.send(0, "half of");
      setTimeout(() => program(stream), 20);
    });
    const stream = await bed.connect().forward(WEB, 8080);
    await expect(readAll(stream)).rejects.toMatchObject({ message: expect.stringContaining(words) });
  });

  test("takes its port's own bytes for none of the connection, however they come, and no other channel's", async () => {
    await using bed = await bedWith((stream) => {
      stream.send(7, "stray");
      stream.socket.send(Buffer.alloc(0));
      stream.send(255, Buffer.from([0]));
      stream.send(0, "right");
      stream.socket.close(1000);
    });
    expect(await readAll(await bed.connect().forward(WEB, 8080))).toBe("right");
  });

  test("is refused for a pod that is not there, and without the right", async () => {
    await using bed = await bedWith(echo);
    const cluster = bed.connect();
    await expect(cluster.forward({ ...WEB, name: "nope" }, 8080)).rejects.toMatchObject({ status: 404 });
    bed.server.settings.may = ({ subresource }) => subresource !== "portforward";
    await expect(cluster.forward(WEB, 8080)).rejects.toMatchObject({ status: 403, reason: "Forbidden" });
  });

  test("ends when the job is cancelled", async () => {
    await using bed = await bedWith(echo);
    const stream = await bed.connect().forward(WEB, 8080);
    setTimeout(() => bed.cancel.abort(), 20);
    await expect(readAll(stream)).rejects.toMatchObject({ code: "cancelled" });
    await expect(bed.connect().forward(WEB, 8080)).rejects.toMatchObject({ code: "cancelled" });
  });

  test("goes with the login that is renewed", async () => {
    await using bed = await bedWith(echo);
    bed.server.faults.add({ when: { path: /portforward/ }, times: 1, effect: { status: 401, reason: "Unauthorized" } });
    const stream = await bed.connect().forward(WEB, 8080);
    stream.write("again");
    const [data] = await once(stream, "data");
    expect(String(data)).toBe("again");
    stream.destroy();
  });
});
