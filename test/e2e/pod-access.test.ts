import { createHash } from "node:crypto";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ExecOrder } from "../../src/kubernetes/pod-access.ts";
import { openPodScene, type PodScene } from "./pod-scene.ts";

const SECONDS = 1000;
const MIB = 1024 * 1024;
const never = new AbortController().signal;
let scene: PodScene;

beforeAll(async () => {
  scene = await openPodScene();
}, 120 * SECONDS);

afterAll(async () => {
  await scene[Symbol.asyncDispose]();
}, 60 * SECONDS);

describe("a program in a container", () => {
  const run = (command: readonly string[], more: Partial<ExecOrder> = {}, name = "web") =>
    scene.access.exec(
      { namespace: scene.namespace, name },
      { container: "main", command, timeoutMs: 20 * SECONDS, until: never, ...more },
    );

  test("ends with its exit code, and what it printed is told apart", async () => {
    expect(await run(["true"])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const script = "echo out; echo err >&2; exit 7";
    expect(await run(["sh", "-c", script])).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
    expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ exitCode: 137 });
  });

  test("gets its arguments as they are", async () => {
    const { stdout } = await run(["printf", "%s|", "a b", "c&d=e", "$HOME", "é", ""]);
    expect(stdout).toBe("a b|c&d=e|$HOME|é||");
  });

  test("may print much: 1 MiB of it is kept, and it is said that there was more", async () => {
    const outcome = await run(["sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x; echo end >&2; exit 3"]);
    expect(outcome.stdout).toBe("x".repeat(MIB));
    expect(outcome).toMatchObject({ exitCode: 3, stderr: "end\n", cut: true });
  });

  test("that is not there is a refusal in the words of the container runtime", async () => {
    await expect(run(["no-such-program"])).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 500,
      message: expect.stringContaining('exec: "no-such-program": executable file not found in $PATH'),
    });
  });

  test("is refused where there is no such pod or container, or it does not run", async () => {
    await expect(run(["true"], {}, "none")).rejects.toMatchObject({ status: 404, message: 'pods "none" not found' });
    await expect(run(["true"], { container: "none" })).rejects.toMatchObject({
      status: 400,
      message: "container none is not valid for pod web",
    });
    // Again and again: each time the kubelet closes the connection.
    for (const _ of [1, 2, 3]) {
      await expect(run(["true"], {}, "waits")).rejects.toMatchObject({
        status: 500,
        message: 'container not found ("main")',
      });
    }
  });

  test("is listened to for as long as it may take, or until it is called off", async () => {
    const started = performance.now();
    await expect(run(["sleep", "30"], { timeoutMs: 500 })).rejects.toMatchObject({ status: 504, reason: "Timeout" });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 300);
    await expect(run(["sleep", "30"], { until: stop.signal })).rejects.toThrow("enough");
    // Long before the command, or what may be waited for by itself, would end.
    expect(performance.now() - started).toBeLessThan(15 * SECONDS);
  });
});

describe("a forwarded port", () => {
  test("is a connection that HTTP goes over, also twice", async () => {
    for (const _ of [1, 2]) {
      const stream = await scene.access.forward(scene.web, 8080);
      expect(await askOver(stream, "/")).toEqual({ status: 200, body: "home\n" });
      stream.destroy();
    }
  });

  test("carries much, to its last byte", async () => {
    await scene.access.exec(scene.web, {
      container: "main",
      command: ["sh", "-c", "head -c 6000000 /dev/urandom >/www/big; md5sum </www/big >/www/sum"],
      timeoutMs: 20 * SECONDS,
      until: never,
    });
    const { body } = await askOver(await scene.access.forward(scene.web, 8080), "/sum");
    const stream = await scene.access.forward(scene.web, 8080);
    stream.write("GET /big HTTP/1.0\r\n\r\n");
    const bytes = await readAll(stream);
    const content = bytes.subarray(bytes.indexOf("\r\n\r\n") + 4);
    expect(content.length).toBe(6_000_000);
    expect(createHash("md5").update(content).digest("hex")).toBe(body.slice(0, 32));
  });

  test("where nobody listens errors with the kubelet's words", async () => {
    const stream = await scene.access.forward(scene.web, 9999);
    await expect(readAll(stream)).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: expect.stringMatching(/error forwarding port 9999 .*127\.0\.0\.1:9999: connect: connection refused/s),
    });
  });

  test("is refused for a pod that is not there", async () => {
    await expect(scene.access.forward({ namespace: scene.namespace, name: "none" }, 80)).rejects.toMatchObject({
      status: 404,
      message: 'pods "none" not found',
    });
  });
});

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function askOver(stream: Duplex, path: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    request({ path, createConnection: () => stream }, (response) => {
      readAll(response).then((body) => resolve({ status: response.statusCode ?? 0, body: body.toString() }), reject);
    })
      .on("error", reject)
      .end();
  });
}
