import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "@jest/globals";
import { connectAcrTasks, renderSourceRegistry } from "../../src/azure/acr-tasks.ts";
import { connectBlobs } from "../../src/azure/blobs.ts";
import { tailLog } from "../../src/azure/tail-log.ts";
import { isOver } from "../../src/azure/task-run.ts";
import { renderError } from "../../src/kit/error-chain.ts";
import { builderOf, dockerBuild, encodedTask, packContext } from "../azure/tasks/quick-run.ts";
import { stage } from "./registry-on-emulator.ts";

const TASKS = "Container Registry Tasks Contributor";
const DIGEST = `sha256:${"ab".repeat(32)}`;
const scenes: { readonly azure: ReturnType<typeof stage>["azure"] }[] = [];

afterEach(async () => {
  for (const { azure } of scenes.splice(0)) await azure.blobs[Symbol.asyncDispose]();
});

function setUp(options: Parameters<typeof stage>[0] = {}) {
  const scene = stage({ teamRoles: [TASKS], ...options });
  const { azure, acr, arm, world, masked, time, cancel } = scene;
  scenes.push(scene);
  azure.tasks.builder = builderOf();
  const tasks = connectAcrTasks(arm, acr.id, (secret) => void masked.push(secret));
  // The work of a run takes real time, and the clock waits for it.
  const sleep = async (milliseconds: number) => {
    await azure.tasks.idle();
    await time.sleep(milliseconds);
  };
  const patient = { ...time, sleep };
  const blobs = connectBlobs({ ...world, time: patient });
  const upload = async (files: Readonly<Record<string, string>> = { Dockerfile: "FROM scratch\n" }) => {
    const { relativePath, url } = await tasks.openUpload();
    await blobs.upload(url, Readable.from([await packContext(files)]));
    return relativePath;
  };
  const lines: string[] = [];
  const tail = (runId: string) =>
    tailLog({
      blobs,
      findUrl: () => tasks.findLogUrl(runId),
      isOver: async () => isOver((await tasks.findRun(runId))?.status ?? "Error"),
      onLine: (line) => void lines.push(line),
      time: patient,
      cancelled: cancel.signal,
    });
  const settle = async (runId: string) => {
    for (let looks = 0; looks < 50; looks += 1) {
      const run = await tasks.findRun(runId);
      if (run !== undefined && isOver(run.status)) return run;
      await sleep(1_000);
    }
    throw new Error(`run ${runId} does not end`);
  };
  return { ...scene, tasks, blobs, upload, tail, settle, lines };
}

const build = (source: string) =>
  dockerBuild(source) as ReturnType<typeof dockerBuild> & { type: "DockerBuildRequest" };

describe("a build on ACR Tasks", () => {
  test("goes from a packed source to a digest, with its log line by line", async () => {
    const { azure, tasks, upload, tail, settle, lines, masked } = setUp();
    const source = await upload();
    const run = await tasks.scheduleRun(build(source));
    expect(run).toMatchObject({ status: "Queued", images: [], error: undefined });
    expect(await tail(run.id)).toEqual({ kind: "complete", outcome: "successful" });
    const { images, status, finishedAt } = await settle(run.id);
    expect(status).toBe("Succeeded");
    expect(finishedAt).toBeInstanceOf(Date);
    expect(images).toEqual([{ registry: "mayfly.azurecr.io", repository: "team/app", tag: "1", digest: DIGEST }]);
    expect(lines.some((line) => line.includes("\r") || line.includes("\n"))).toBe(false);
    expect(lines.at(-1)).toMatch(/^Run ID: \w+ was successful after/);
    expect(lines[0]).toContain("Downloading source code");
    expect(azure.traffic.refused()).toEqual([]);
    const signatures = azure.traffic.requests.flatMap(({ query }) => query["sig"] ?? []);
    expect(signatures.length).toBeGreaterThan(2);
    for (const signature of signatures) expect(masked).toContain(signature);
  });

  test("asks for the version of the API that knows the caller's own rights", async () => {
    const { azure, tasks, upload } = setUp({ mode: "abac" });
    await tasks.scheduleRun({
      ...build(await upload()),
      credentials: { sourceRegistry: renderSourceRegistry({ abac: true }) },
    });
    const [asked] = azure.traffic.find({ path: /\/scheduleRun$/ });
    expect(asked?.query["api-version"]).toBe("2025-03-01-preview");
    expect(JSON.parse(asked?.body ?? "").credentials).toEqual({ sourceRegistry: { identity: "[caller]" } });
    expect(renderSourceRegistry({ abac: false })).toEqual({ loginMode: "Default" });
  });

  test("that fails is told with the service's words", async () => {
    const { azure, tasks, upload, tail, settle } = setUp();
    azure.tasks.settings.agentFails = true;
    const run = await tasks.scheduleRun(build(await upload()));
    expect(await tail(run.id)).toMatchObject({ kind: "complete" });
    expect(await settle(run.id)).toMatchObject({ status: "Error", images: [] });
  });

  test("in a subscription that Azure keeps from Tasks is one clear error", async () => {
    const { azure, tasks, upload } = setUp();
    azure.tasks.settings.forbidden = true;
    await expect(tasks.scheduleRun(build(await upload()))).rejects.toMatchObject({
      code: "tasks-not-allowed",
      message: expect.stringContaining("builder: buildx"),
    });
  });

  test("without the right to build is ARM's refusal", async () => {
    const { tasks } = setUp({ teamRoles: ["AcrPush"] });
    await expect(tasks.openUpload()).rejects.toMatchObject({ code: "arm-denied" });
  });

  test("is asked for again only when ARM did not listen", async () => {
    const { azure, tasks, upload, waits } = setUp();
    const source = await upload();
    const when = { path: /\/scheduleRun$/ };
    azure.faults.add({ name: "storm", when, times: 2 }, { kind: "throttle", seconds: 4 });
    await tasks.scheduleRun(build(source));
    expect(azure.tasks.runs).toHaveLength(1);
    expect(waits.filter((wait) => wait === 4_400)).toHaveLength(2);
    azure.faults.add({ name: "lost", when, times: 1 }, { kind: "reset", carriedOut: true });
    await expect(tasks.scheduleRun(build(source))).rejects.toMatchObject({ code: "arm-unreachable" });
    expect(azure.tasks.runs).toHaveLength(2);
  });

  test("whose place for the source ARM is slow to give is asked for again", async () => {
    const { azure, upload } = setUp();
    azure.faults.add(
      { name: "busy", when: { path: /\/listBuildSourceUploadUrl$/ }, times: 2 },
      { kind: "respond", status: 503, body: { error: { code: "ServerBusy", message: "later" } } },
    );
    expect(await upload()).toMatch(/^source\//);
  });

  test("is cancelled also after the job was", async () => {
    const { azure, tasks, upload, cancel, settle } = setUp();
    azure.tasks.settings.queuedSeconds = Number.POSITIVE_INFINITY;
    const run = await tasks.scheduleRun(build(await upload()));
    cancel.abort();
    await tasks.cancelRun(run.id);
    expect(azure.tasks.find(run.id)?.status).toBe("Canceled");
    await expect(settle(run.id)).rejects.toMatchObject({ code: expect.any(String) });
  });

  test("that is nobody's is not found", async () => {
    expect(await setUp().tasks.findRun("zz9")).toBeUndefined();
  });
});

describe("the log of a run", () => {
  test("is waited for until it is there", async () => {
    const { azure, tasks, upload, tail, lines } = setUp();
    azure.tasks.settings.logDelaySeconds = 25;
    const run = await tasks.scheduleRun(build(await upload()));
    expect(await tail(run.id)).toMatchObject({ kind: "complete" });
    expect(lines[0]).toContain("Downloading source code");
  });

  test("is read on with a new link when the old one ends", async () => {
    const { azure, tasks, tail, lines } = setUp();
    azure.tasks.settings.logLinkSeconds = 60;
    const gate = Promise.withResolvers<void>();
    azure.tasks.builder = builderOf({ run: () => gate.promise });
    const run = await tasks.scheduleRun({
      ...encodedTask("version: v1.0.0\nsteps:\n  - cmd: busybox sleep 600\n"),
      type: "EncodedTaskRunRequest",
    });
    const tailed = tail(run.id);
    azure.clock.advance(30_000);
    const links = () => azure.traffic.find({ path: /\/listLogSasUrl$/ }).length;
    await until(() => links() >= 3, azure);
    gate.resolve();
    expect(await tailed).toMatchObject({ kind: "complete" });
    expect(lines.at(-1)).toContain("was successful");
    const refused = azure.traffic.requests.filter(({ host, status }) => host.includes(".blob.") && status === 403);
    expect(refused).toEqual([]);
  });
});

/** Lets what is under way go on until something holds, while a frozen clock moves. */
async function until(holds: () => boolean, azure: ReturnType<typeof stage>["azure"]): Promise<void> {
  for (let turns = 0; turns < 2_000 && !holds(); turns += 1) {
    azure.clock.advance(500);
    await new Promise((done) => setImmediate(done));
  }
}

describe("an upload", () => {
  const place = async (scene: ReturnType<typeof setUp>) => (await scene.tasks.openUpload()).url;

  test("arrives in blocks, whole, and tells how far it is", async () => {
    const scene = setUp();
    const content = randomBytes(10 * 1024 * 1024 + 3);
    const seen: number[] = [];
    await scene.blobs.upload(await place(scene), Readable.from(pieces(content)), (bytes) => seen.push(bytes));
    expect(seen.at(-1)).toBe(content.length);
    const puts = scene.azure.traffic.find({ method: "PUT", host: /\.blob\./ });
    expect(puts.map(({ query }) => query["comp"]).sort()).toEqual(["block", "block", "block", "blocklist"]);
    expect(puts.reduce((sum, { requestBytes }) => sum + requestBytes, 0)).toBeGreaterThan(content.length);
  });

  test.each([
    ["a busy storage", { kind: "respond", status: 503, headers: { "retry-after": "2" } }],
    ["a cut connection", { kind: "reset" }],
    ["a request that is cut in the middle", { kind: "cut", of: "request", bytes: 100_000 }],
  ] as const)("gets over %s, block by block", async (_, effect) => {
    const scene = setUp();
    const url = await place(scene);
    const content = randomBytes(9 * 1024 * 1024);
    const query = /comp=block(&|$)/;
    scene.azure.faults.add({ name: "fault", when: { method: "PUT", query }, times: 2 }, effect);
    await scene.blobs.upload(url, Readable.from(pieces(content)));
    expect(scene.azure.faults.struck.get("fault")).toBe(2);
    const properties = await scene.blobs.find(url);
    expect(properties?.size).toBe(content.length);
  });

  test("with a link that is over is told, at once", async () => {
    const scene = setUp();
    const url = await place(scene);
    scene.azure.clock.advance(2 * 3_600_000);
    const work = scene.blobs.upload(url, Readable.from([Buffer.from("x")]));
    await expect(work).rejects.toMatchObject({ code: "blob-unreachable", message: expect.stringContaining("403") });
    expect(scene.waits).toEqual([]);
  });

  test("says no signature in its errors", async () => {
    const scene = setUp();
    const url = await place(scene);
    scene.azure.faults.add({ name: "down", when: { method: "PUT" } }, { kind: "reset" });
    const error = await scene.blobs.upload(url, Readable.from([Buffer.from("x")])).catch((thrown: unknown) => thrown);
    const signature = new URL(url).searchParams.get("sig") ?? "nothing";
    const text = renderError(error);
    expect(text).toContain("blob.core.windows.net");
    for (const form of [signature, encodeURIComponent(signature)]) expect(text).not.toContain(form);
  });

  test("whose source breaks ends with that", async () => {
    const scene = setUp();
    const broken = new Error("the folder changed while it was packed");
    const source = Readable.from(
      (async function* () {
        yield randomBytes(5 * 1024 * 1024);
        throw broken;
      })(),
    );
    await expect(scene.blobs.upload(await place(scene), source)).rejects.toBe(broken);
  });

  test("is called off with the job, though its source never ends", async () => {
    const scene = setUp();
    const url = await place(scene);
    const source = Readable.from(
      (async function* () {
        for (;;) yield randomBytes(1024 * 1024);
      })(),
    );
    setTimeout(() => scene.cancel.abort(), 100);
    await expect(scene.blobs.upload(url, source)).rejects.toMatchObject({ code: "cancelled" });
    expect(source.destroyed).toBe(true);
  });
});

function* pieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}
