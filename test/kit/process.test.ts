import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ProcessRequest, runProcess } from "../../src/kit/process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "process-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a script in a node of its own, as the given tool would be. */
async function run(script: string, change: Partial<ProcessRequest> = {}) {
  const lines: string[] = [];
  const outcome = await runProcess({
    tool: "docker",
    path: process.execPath,
    parameters: ["-e", script],
    environment: {},
    folder,
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
    cancelled: new AbortController().signal,
    ...change,
  });
  return { ...outcome, lines };
}

describe("a tool", () => {
  test("says its lines as they come, and its exit code", async () => {
    const outcome = await run("console.log('one'); console.error('two'); process.exitCode = 3");
    expect(outcome).toMatchObject({ exitCode: 3, signal: undefined, cancelled: false });
    expect([...outcome.lines].sort()).toEqual(["stderr: two", "stdout: one"]);
    expect([...outcome.tail].sort()).toEqual(["one", "two"]);
  });

  test("gets its parameters, environment and input as they are, without a shell", async () => {
    const parameters = ["a b", "$(id)", "'", "*", "", "-"];
    const script = `
      let input = "";
      process.stdin.on("data", (part) => { input += part; }).on("end", () =>
        console.log(JSON.stringify([process.argv.slice(1), process.env.KEPT, process.env.PATH, input, process.cwd()])));`;
    const { lines } = await run(script, {
      parameters: ["-e", script, "--", ...parameters],
      environment: { KEPT: "$KEPT", PATH: undefined },
      input: "line\n$(id)",
    });
    expect(JSON.parse(lines.join("").slice("stdout: ".length))).toEqual([
      parameters,
      "$KEPT",
      null,
      "line\n$(id)",
      folder,
    ]);
  });

  test("without input finds stdin empty and does not wait for it", async () => {
    expect((await run("process.stdin.resume().on('end', () => console.log('end'))")).lines).toEqual(["stdout: end"]);
  });

  test("leaves its last lines, of bounded number and length, and none that is empty", async () => {
    const { tail, lines } = await run(
      "for (let i = 0; i < 100; i += 1) console.log(i + '\\n'); console.log('x'.repeat(50_000))",
    );
    expect(lines).toHaveLength(201);
    expect(tail).toHaveLength(40);
    expect(tail[0]).toBe("61");
    expect(tail[39]).toHaveLength(2_000);
  });

  test("that a signal ended has no exit code", async () => {
    expect(await run("process.kill(process.pid, 'SIGKILL')")).toMatchObject({
      exitCode: undefined,
      signal: "SIGKILL",
      cancelled: false,
    });
  });

  test("is not started when the job is cancelled already", async () => {
    const mark = join(folder, "started");
    const script = `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "")`;
    const outcome = await run(script, { cancelled: AbortSignal.abort() });
    expect(outcome).toEqual({ exitCode: undefined, signal: undefined, tail: [], cancelled: true, lines: [] });
    expect(existsSync(mark)).toBe(false);
  });

  test("that ends while its children hold the pipes open is not waited for longer than what it said", async () => {
    const orphan = "setTimeout(() => {}, 30_000)";
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(orphan)}],
        { stdio: ["ignore", "inherit", "inherit"], detached: true });
      child.unref();
      console.log(child.pid); process.stdout.write("last words");`;
    const before = performance.now();
    const { exitCode, lines } = await run(script);
    const [pid, words] = lines.map((line) => line.slice("stdout: ".length));
    process.kill(Number(pid), "SIGKILL");
    expect({ exitCode, words }).toEqual({ exitCode: 0, words: "last words" });
    expect(performance.now() - before).toBeLessThan(15_000);
  });

  test("is stopped when whoever reads its lines breaks, and the fault is told", async () => {
    const before = performance.now();
    const broken = run("console.log('go'); setTimeout(() => {}, 30_000)", {
      onLine: () => {
        throw new Error("cannot read this line");
      },
    });
    await expect(broken).rejects.toThrow("cannot read this line");
    expect(performance.now() - before).toBeLessThan(15_000);
  });
});

describe("a tool that cannot be started", () => {
  test.each([
    ["is not there", { path: "/nowhere/docker" }, "tool-missing", "docker is not at /nowhere/docker"],
    ["has no folder to run in", { folder: "/nowhere/at/all" }, "folder-missing", "/nowhere/at/all"],
    ["would run in a file", { folder: process.execPath }, "folder-missing", process.execPath],
    ["has too long parameters", { parameters: ["x".repeat(40_000_000)] }, "tool-not-started", "too long"],
    ["has a parameter that no system takes", { parameters: ["a\u0000b"] }, "tool-not-started", process.execPath],
  ])("because it %s is explained", async (_, change, code, text) => {
    const failed = run("", change);
    await expect(failed).rejects.toMatchObject({ name: "UserError", code });
    await expect(failed).rejects.toThrow(text);
  });

  test("because it may not be run is explained", async () => {
    const path = join(folder, "plain");
    await writeFile(path, "no program");
    await expect(run("", { path })).rejects.toMatchObject({ code: "tool-not-runnable" });
  });
});

describe("a tool that does not read its input", () => {
  const input = "x".repeat(10_000_000);

  test("and succeeds cannot have done what it was asked", async () => {
    await expect(run("process.exit(0)", { input })).rejects.toMatchObject({ code: "tool-input-unread" });
  });

  test("and fails tells why itself", async () => {
    expect(await run("console.error('no'); process.exit(1)", { input })).toMatchObject({ exitCode: 1, tail: ["no"] });
  });
});
