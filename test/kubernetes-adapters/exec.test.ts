import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ExecOrder, ExecOutcome } from "../../src/kubernetes/pod-access.ts";
import type { PodProgram } from "../kubernetes/pod-stream.ts";
import { type Bed, makeBed, putWeb, until, WEB } from "./on-stand-in.ts";

const MIB = 1024 * 1024;
const never = new AbortController().signal;
const order = (more: Partial<ExecOrder> = {}): ExecOrder => ({
  container: "main",
  command: ["true"],
  timeoutMs: 5_000,
  until: never,
  ...more,
});

/** A stand-in with one container, in which this runs. */
async function bedWith(program: PodProgram | undefined): Promise<Bed> {
  const bed = await makeBed();
  putWeb(bed.server);
  if (program !== undefined) bed.server.settings.programs.set("default/web/main", program);
  return bed;
}

/** What one run comes to. */
async function run(program: PodProgram, more: Partial<ExecOrder> = {}): Promise<ExecOutcome> {
  await using bed = await bedWith(program);
  return await bed.connect().exec(WEB, order(more));
}

const execs = ({ server }: Bed) => server.requests.filter(({ path }) => path.endsWith("/exec"));

describe("a program in a container", () => {
  test("is given its arguments as they are, and what it prints and ends with is told", async () => {
    let given: readonly string[] = [];
    const outcome = await run(
      (stream) => {
        given = stream.command;
        stream.send(1, "");
        stream.send(1, "out");
        stream.send(2, "err");
        stream.send(1, " and out");
        stream.exit(7);
      },
      { command: ["printf", "%s", "a b", "c&d=e", "é", ""] },
    );
    expect(given).toEqual(["printf", "%s", "a b", "c&d=e", "é", ""]);
    expect(outcome).toEqual({ exitCode: 7, stdout: "out and out", stderr: "err" });
  });

  test("may break a character between two messages", async () => {
    const bytes = Buffer.from("grüße");
    const outcome = await run((stream) => {
      for (const byte of bytes) stream.send(1, Buffer.from([byte]));
      stream.exit(0);
    });
    expect(outcome.stdout).toBe("grüße");
  });

  test("that prints without end is kept up to 1 MiB of each, and that is said", async () => {
    const outcome = await run((stream) => {
      for (let sent = 0; sent < 40; sent += 1) stream.send(1, Buffer.alloc(64 * 1024, "é"));
      stream.send(2, "end");
      stream.exit(0);
    });
    expect(Buffer.byteLength(outcome.stdout)).toBe(MIB);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "end", cut: true });
  });

  test("that prints just 1 MiB is whole", async () => {
    const outcome = await run((stream) => {
      stream.send(1, Buffer.alloc(MIB, "x"));
      stream.exit(0);
    });
    expect([outcome.stdout.length, outcome.cut]).toEqual([MIB, undefined]);
  });

  test("whose end is told is not waited for although the connection stays", async () => {
    const outcome = await run((stream) => stream.send(3, '{"status":"Success"}'));
    expect(outcome).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });
});

describe("no outcome", () => {
  test("is made of a program that cannot be started, in the words of the container runtime", async () => {
    const message = 'OCI runtime exec failed: exec: "nope": executable file not found in $PATH\u001b[31m';
    const failed = run((stream) => {
      stream.send(3, JSON.stringify({ status: "Failure", reason: "InternalError", message }));
      stream.socket.close(1000);
    });
    await expect(failed).rejects.toMatchObject({
      name: "KubeRefusal",
      status: 500,
      message: 'OCI runtime exec failed: exec: "nope": executable file not found in $PATH[31m',
    });
  });

  test.each<[string, Partial<ExecOrder>, string, object]>([
    ["no such pod", {}, "nope", { status: 404, reason: "NotFound", message: 'pods "nope" not found' }],
    [
      "no such container",
      { container: "nope" },
      "web",
      { status: 400, message: "container nope is not valid for pod web" },
    ],
    ["a container that does not run", {}, "web", { status: 500, message: 'container not found ("main")' }],
  ])("is made of %s", async (_, more, name, refusal) => {
    await using bed = await bedWith(undefined);
    const asked = bed.connect().exec({ namespace: "default", name }, order(more));
    await expect(asked).rejects.toMatchObject({ name: "KubeRefusal", ...refusal });
    expect(execs(bed)).toHaveLength(1);
  });

  test("is made without the right to create on pods/exec, which since 1.35 a websocket needs, too", async () => {
    await using bed = await bedWith((stream) => stream.exit(0));
    bed.server.settings.may = ({ verb, subresource }) => subresource !== "exec" || verb === "get";
    await expect(bed.connect().exec(WEB, order())).rejects.toMatchObject({
      status: 403,
      reason: "Forbidden",
      message: expect.stringContaining('cannot create resource "pods/exec"'),
    });
  });

  test.each(["..", "a/b", ""])("is asked for of a pod %j, which would be something else", async (name) => {
    await using bed = await bedWith((stream) => stream.exit(0));
    await expect(bed.connect().exec({ ...WEB, name }, order())).rejects.toMatchObject({ status: 400 });
    expect(bed.server.requests).toEqual([]);
  });

  test.each<[string, PodProgram]>([
    ["is cut", (stream) => stream.socket.terminate()],
    ["is closed in good order", (stream) => stream.socket.close(1000)],
    ["ends in the middle of a frame", (stream) => rawEnd(stream, Buffer.from([0x82, 100, 1, 65]))],
    ["breaks the protocol", (stream) => rawEnd(stream, Buffer.from([0xff, 0xff, 0xff, 0xff]))],
    ["sends more at once than anybody may", (stream) => stream.send(1, Buffer.alloc(5 * MIB))],
  ])("is told when the connection %s before the program's end", async (_, program) => {
    const outcome = run((stream) => {
      stream.send(1, "half of");
      program(stream);
    });
    await expect(outcome).rejects.toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining("Whether the change was taken is not known"),
    });
  });

  test.each([
    ["no JSON", "<html>"],
    ["no Status", "[]"],
    ["an exit code that is none", '{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[null]}}'],
    ["a Status that is too long", `{"status":"Success","message":"${"x".repeat(100_000)}"}`],
  ])("is read from %s at the end", async (_, text) => {
    const outcome = run((stream) => {
      stream.send(3, text);
      stream.socket.close(1000);
    });
    await expect(outcome).rejects.toMatchObject({ name: "KubeRefusal" });
  });

  test("is waited for longer than it may take, and the arguments are not told", async () => {
    let ended = false;
    const outcome = run(
      (stream) => {
        stream.socket.on("close", () => {
          ended = true;
        });
      },
      { timeoutMs: 200, command: ["sleep", "s3cret"] },
    );
    const error = await outcome.catch((fault: unknown) => fault);
    expect(error).toMatchObject({
      status: 504,
      reason: "Timeout",
      message: '"sleep" in container "main" of pod "web" did not end within 0.2 s',
    });
    expect(ended).toBe(true);
  });

  test("is waited for once it is called off", async () => {
    const stop = new AbortController();
    const outcome = run(() => stop.abort(new Error("enough")), { until: stop.signal });
    await expect(outcome).rejects.toThrow("enough");
    await expect(run((stream) => stream.exit(0), { until: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });

  test("is waited for once the job is cancelled", async () => {
    await using bed = await bedWith(() => bed.cancel.abort());
    await expect(bed.connect().exec(WEB, order())).rejects.toMatchObject({ code: "cancelled" });
    await until(() => execs(bed).length === 1);
  });

  test("is made where a websocket is answered with a page", async () => {
    await using bed = await bedWith((stream) => stream.exit(0));
    bed.server.faults.add({ when: { path: /exec/ }, effect: { status: 200, page: "<html>welcome</html>" } });
    await expect(bed.connect().exec(WEB, order())).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("does not let websockets through"),
    });
  });

  test("comes of any order of frames but a whole one", async () => {
    const frame = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 }));
    await using bed = await bedWith(undefined);
    const cluster = bed.connect();
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 6 }), async (frames) => {
        bed.server.settings.programs.set("default/web/main", (stream) => {
          for (const [channel, bytes] of frames) {
            stream.socket.send(channel === 255 ? Buffer.from(bytes) : Buffer.from([channel, ...bytes]));
          }
          stream.socket.close(1000);
        });
        const outcome = await cluster.exec(WEB, order()).catch((fault: unknown) => fault);
        // No random bytes are a Status.
        expect(["UserError", "KubeRefusal"]).toContain((outcome as Error).name);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the login of an exec", () => {
  test("is renewed when the cluster no longer takes it", async () => {
    await using bed = await bedWith((stream) => stream.exit(0));
    bed.server.settings.tokens.set("old-token", "old").set("new-token", "new");
    const cluster = bed.connect({ user: { token: "old-token" } });
    bed.server.settings.tokens.delete("old-token");
    bed.write({ user: { token: "new-token" } });
    expect(await cluster.exec(WEB, order())).toMatchObject({ exitCode: 0 });
    expect(execs(bed).map(({ status, user }) => [status, user])).toEqual([
      [401, ""],
      [101, "new"],
    ]);
  });

  test("that the cluster does not know fails at the second 401", async () => {
    await using bed = await bedWith((stream) => stream.exit(0));
    const cluster = bed.connect({ user: { token: "unknown-token" } });
    await expect(cluster.exec(WEB, order())).rejects.toMatchObject({ code: "cluster-login-failed" });
    expect(execs(bed)).toHaveLength(2);
  });

  test("may be a client certificate", async () => {
    await using bed = await bedWith((stream) => stream.exit(0));
    const { certificate, key } = await bed.server.authority.clientOf("jane");
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const user = { "client-certificate-data": base64(certificate), "client-key-data": base64(key) };
    expect(await bed.connect({ user }).exec(WEB, order())).toMatchObject({ exitCode: 0 });
    expect(execs(bed).map(({ user: who }) => who)).toEqual(["jane"]);
  });
});

/** Bytes that are no whole frames, straight into the connection. */
function rawEnd({ socket }: Parameters<PodProgram>[0], bytes: Buffer): void {
  const { _socket } = socket as unknown as { readonly _socket: { end(bytes: Buffer): void } };
  _socket.end(bytes);
}
