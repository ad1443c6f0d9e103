import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import type { Change } from "../../src/kubernetes/cluster.ts";
import { COMMAND_SCRIPT } from "../../src/kubernetes/command-script.ts";
import type { ProxyRequest } from "../../src/kubernetes/pod-access.ts";
import { CONFIG_MAP, configMap, makeBed, putWeb, until, WEB } from "./on-stand-in.ts";
import { connectByCommand, runOnStandIn } from "./stand-in-kubectl.ts";

jest.setTimeout(30_000);

const POD = { namespace: "default", name: "web-1" };
const never = new AbortController().signal;
const order = (...command: string[]) => ({ container: "main", command, timeoutMs: 10_000, until: never });
const request = (more: Partial<ProxyRequest> = {}): ProxyRequest => ({
  ...{ resource: "services", target: WEB, port: "http", scheme: "http", method: "GET", path: "/", headers: {} },
  ...{ body: undefined, timeoutMs: 5_000, until: never },
  ...more,
});

describe.each(["curl", "bash"] as const)("a cluster by commands, where Azure's pod has %s", (way) => {
  test("is read and changed as directly, and says no in the API server's words", async () => {
    await using bed = await makeBed();
    const commands = runOnStandIn(bed, way);
    const cluster = connectByCommand(bed, commands);
    const value = "$(touch evil) 'x' \"y\" \\ %s é \n";
    await cluster.create(configMap("a", { value }));
    const [found, missing, listed, kind] = await Promise.all([
      cluster.find({ ...CONFIG_MAP, namespace: "default", name: "a" }),
      cluster.find({ ...CONFIG_MAP, namespace: "default", name: "b" }),
      cluster.list(CONFIG_MAP, { namespace: "default" }),
      cluster.findKind({ apiVersion: "nobody/v1", kind: "Knows" }),
    ]);
    expect(found?.["data"]).toEqual({ value });
    expect(missing).toBeUndefined();
    expect(listed.map(({ metadata }) => metadata.name)).toEqual(["a"]);
    expect(kind).toBeUndefined();
    await expect(cluster.create(configMap("a"))).rejects.toMatchObject({ status: 409, reason: "AlreadyExists" });
    const ref = { ...CONFIG_MAP, namespace: "default", name: "a" };
    expect(await cluster.patch(ref, { data: { more: "1" } })).toMatchObject({ data: { value, more: "1" } });
    expect(await cluster.apply(configMap("c"), { fieldManager: "test" })).toMatchObject({ metadata: { name: "c" } });
    expect(await cluster.remove(ref)).toBe(true);
    expect(await cluster.remove(ref)).toBe(false);
    expect(existsSync(join(process.cwd(), "evil"))).toBe(false);
    // One script, whatever is asked: values come in files.
    expect(new Set(commands.scripts)).toEqual(new Set([COMMAND_SCRIPT]));
  });

  test("leads to applications, with their statuses, heads and bodies", async () => {
    await using bed = await makeBed();
    putWeb(bed.server);
    bed.server.settings.applications.set("default/services/web:http", ({ method, path, body, headers }) => ({
      status: 503,
      headers: { "x-app": "yes", "content-type": "text/plain" },
      body: `${method} ${path} ${body} ${headers["x-mine"]}`,
    }));
    const cluster = connectByCommand(bed, runOnStandIn(bed, way));
    const sent = {
      method: "POST",
      path: '/a b?q="é"\\[1-3]{x}#y',
      headers: { "X-Mine": 'a "b" \\c' },
      body: "hë\r\nllo",
    };
    const answer = await cluster.proxy(request(sent));
    expect(answer).toMatchObject({
      status: 503,
      headers: { "x-app": "yes", "content-type": "text/plain" },
      body: `POST /a%20b?q="%C3%A9"\\[1-3]{x}%23y hë\r\nllo a "b" \\c`,
    });
    expect((await cluster.proxy(request({ method: "HEAD" }))).status).toBe(503);
    await expect(cluster.proxy(request({ target: { namespace: "default", name: "gone" } }))).rejects.toMatchObject({
      status: 404,
    });
    await expect(cluster.proxy(request({ headers: { "x-a": "b\r\nx-c: d" } }))).rejects.toMatchObject({ status: 400 });
  });
});

describe("a cluster by commands", () => {
  test("takes what is asked at the same moment in one command", async () => {
    await using bed = await makeBed();
    for (const name of ["a", "b", "c"]) bed.server.put(configMap(name));
    const commands = runOnStandIn(bed);
    const cluster = connectByCommand(bed, commands);
    await cluster.findKind(CONFIG_MAP);
    const refs = ["a", "b", "c"].map((name) => ({ ...CONFIG_MAP, namespace: "default", name }));
    const found = await Promise.all(refs.map((ref) => cluster.find(ref)));
    expect(found.map((object) => object?.metadata.name)).toEqual(["a", "b", "c"]);
    expect(commands.scripts).toHaveLength(2);
  });

  test("reads lists that are longer than what Azure keeps of an output, page by page", async () => {
    await using bed = await makeBed();
    const names = Array.from({ length: 30 }, (_, at) => `big-${at + 10}`);
    for (const name of names) bed.server.put(configMap(name, { data: randomBytes(30_000).toString("base64") }));
    const commands = runOnStandIn(bed);
    const listed = await connectByCommand(bed, commands).list(CONFIG_MAP, { namespace: "default" });
    expect(listed.map(({ metadata }) => metadata.name).toSorted()).toEqual(names);
    for (const output of commands.outputs) expect(Buffer.byteLength(output)).toBeLessThan(512 * 1024);
  });

  test("says so when one object is too large for that", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("big", { data: randomBytes(600_000).toString("base64") }));
    bed.server.put(configMap("small"));
    const cluster = connectByCommand(bed, runOnStandIn(bed));
    const find = (name: string) => cluster.find({ ...CONFIG_MAP, namespace: "default", name });
    const [big, small] = await Promise.allSettled([find("big"), find("small")]);
    expect(big).toMatchObject({ reason: { code: "run-command-output-cut" } });
    expect(small).toMatchObject({ value: { metadata: { name: "small" } } });
  });

  test.each([
    ["is cut off", (output: string) => output.slice(0, -40)],
    ["is not there", () => ""],
    ["is something else", () => "bash: line 1: out of memory\n"],
  ])("never takes an output that %s for an empty answer", async (_, spoil) => {
    await using bed = await makeBed();
    const commands = runOnStandIn(bed);
    commands.spoil = spoil;
    const cluster = connectByCommand(bed, commands);
    await expect(cluster.list(CONFIG_MAP, { namespace: "default" })).rejects.toMatchObject({
      code: "run-command-failed",
    });
  });

  test("needs a program in Azure's pod that speaks HTTP, and says which is missing", async () => {
    await using bed = await makeBed();
    await expect(connectByCommand(bed, runOnStandIn(bed, "neither")).readVersion()).rejects.toMatchObject({
      code: "run-command-failed",
      message: expect.stringContaining("has no curl"),
    });
  });

  test("tells everybody who waits what keeps a command from being run", async () => {
    await using bed = await makeBed();
    const run = () => Promise.reject(Object.assign(new Error("no pod"), { code: "run-command-not-scheduled" }));
    const cluster = connectByCommand(bed, { run });
    const asked = await Promise.allSettled([cluster.readVersion(), cluster.exec(POD, order("true"))]);
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  test("is followed by lists, for as long as somebody listens", async () => {
    await using bed = await makeBed();
    bed.server.put(configMap("a"));
    const cluster = connectByCommand(bed, runOnStandIn(bed));
    const changes: Change[] = [];
    const stop = new AbortController();
    const following = cluster.follow(
      CONFIG_MAP,
      { namespace: "default" },
      { onChange: (change) => changes.push(change), until: stop.signal },
    );
    const told = () => changes.map(({ type, object }) => `${type} ${object.metadata.name}`);
    await until(() => told().includes("added a"));
    bed.server.put(configMap("b"));
    await until(() => told().includes("added b"));
    bed.server.remove({ ...CONFIG_MAP, namespace: "default", name: "a" });
    await until(() => told().includes("deleted a"));
    stop.abort();
    await following;
  });

  test("runs programs in pods with just these arguments, and tells their end", async () => {
    await using bed = await makeBed();
    const cluster = connectByCommand(bed, runOnStandIn(bed));
    const values = ["$(touch evil)", "a b", "'\"\\", "", "é\n", "--flag"];
    const [good, bad, gone, nope] = await Promise.allSettled([
      cluster.exec(POD, order("print", ...values)),
      cluster.exec(POD, order("end", "124")),
      cluster.exec(POD, order("gone")),
      cluster.exec(POD, order("nope")),
    ]);
    const called = ["--quiet", "--namespace=default", "--container=main", "pod/web-1", "--", "print", ...values];
    expect(good).toMatchObject({ value: { exitCode: 0, stdout: JSON.stringify(called), stderr: "" } });
    expect(bad).toMatchObject({ value: { exitCode: 124, stderr: "of the program\n" } });
    expect(gone).toMatchObject({ reason: { status: 404, reason: "NotFound", message: 'pods "gone" not found' } });
    expect(nope).toMatchObject({
      reason: { status: 500, message: expect.stringContaining("executable file not found") },
    });
  });

  test("ends a program that takes too long, and what nobody waits for any more", async () => {
    await using bed = await makeBed();
    const cluster = connectByCommand(bed, runOnStandIn(bed));
    const late = cluster.exec(POD, { ...order("sleep"), timeoutMs: 1_000 });
    await expect(late).rejects.toMatchObject({ status: 504, reason: "Timeout" });
    const stop = new AbortController();
    const left = cluster.exec(POD, { ...order("sleep"), until: stop.signal });
    stop.abort(new Error("no more"));
    await expect(left).rejects.toThrow("no more");
  });

  test("has no way for a port to be forwarded", async () => {
    await using bed = await makeBed();
    const forwarding = connectByCommand(bed, runOnStandIn(bed)).forward(POD, 80);
    await expect(forwarding).rejects.toMatchObject({ code: "route-needs-direct-cluster" });
  });
});
