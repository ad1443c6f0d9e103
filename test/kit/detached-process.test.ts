import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import {
  type DetachedProcess,
  type DetachedRequest,
  ensureInterrupted,
  findDetached,
  startDetached,
} from "../../src/kit/detached-process.ts";
import { identify, isAlive } from "../../src/kit/process-birth.ts";
import { waitForEnd } from "../../src/kit/wait-for-end.ts";

jest.setTimeout(30_000);

let folder: string;
let started: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "detached-test-"));
  started = [];
});
afterEach(() => {
  for (const pid of started) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  }
  rmSync(folder, { recursive: true });
});

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const read = (path: string): string => readFileSync(path, "utf8");

async function start(script: string, change: Partial<DetachedRequest> = {}) {
  const run = await startDetached({
    tool: "terraform",
    path: process.execPath,
    parameters: ["-e", script],
    environment: {},
    folder,
    logFolder: folder,
    name: "work",
    cancelled: new AbortController().signal,
    ...change,
  });
  started.push(run.process.pid);
  return run;
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 15_000) throw new Error("It did not come to that in 15 s");
    await wait(20);
  }
}

/** A tool that writes each signal it gets, and ends by itself after a while. */
const stubborn = (endMs: number): string => `
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => console.log(name));
  setTimeout(() => { console.log("done"); process.exit(7); }, ${endMs});
  console.log("ready");`;

describe("a detached process", () => {
  test("writes to files that only we can read, and tells its end", async () => {
    const run = await start("console.log('one'); console.error('two'); process.exitCode = 3");
    expect(await run.ended).toEqual({ exitCode: 3, signal: undefined });
    expect([read(run.process.stdout), read(run.process.stderr)]).toEqual(["one\n", "two\n"]);
    for (const path of [run.process.stdout, run.process.stderr]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(isAlive(run.process)).toBe(false);
  });

  test("gets its parameters and environment as they are, without a shell, in its folder, with nothing to read", async () => {
    const words = ["a b", "$(id)", "'", "*", ""];
    const script = `process.stdin.on("data", () => {}).on("end", () =>
      console.log(JSON.stringify([process.argv.slice(1), process.env.KEPT, process.env.PATH, process.cwd()])));`;
    const environment = { KEPT: "$KEPT", PATH: undefined };
    const run = await start("", { parameters: ["-e", script, "--", ...words], environment });
    await run.ended;
    expect(JSON.parse(read(run.process.stdout))).toEqual([words, "$KEPT", null, folder]);
  });

  test("that a signal ended has no exit code", async () => {
    expect(await (await start("process.kill(process.pid, 'SIGKILL')")).ended).toEqual({
      exitCode: undefined,
      signal: "SIGKILL",
    });
  });

  test("is found again by its name, as plain data", async () => {
    const run = await start(stubborn(10_000));
    expect(findDetached(folder, "work")).toEqual(run.process);
    expect(JSON.parse(JSON.stringify(run.process))).toEqual(run.process);
    expect(findDetached(folder, "other")).toBeUndefined();
    writeFileSync(join(folder, "torn.process.json"), '{"pid":1');
    expect(findDetached(folder, "torn")).toBeUndefined();
  });

  test("has its name for itself", async () => {
    await (await start("")).ended;
    await expect(start("")).rejects.toThrow("The output of terraform cannot go to");
  });

  test("leads a session of its own", async () => {
    const run = await start(stubborn(10_000));
    const [, , group, session] = read(`/proc/${run.process.pid}/stat`).split(") ")[1]?.split(" ") ?? [];
    expect([group, session]).toEqual([`${run.process.pid}`, `${run.process.pid}`]);
  });

  test("is not started when the job is cancelled already", async () => {
    await expect(start("", { cancelled: AbortSignal.abort() })).rejects.toMatchObject({ code: "cancelled" });
    expect(existsSync(join(folder, "work.stdout"))).toBe(false);
  });

  test.each([
    ["is not there", { path: "/nowhere/terraform" }, "tool-missing"],
    ["has no folder to run in", { folder: "/nowhere/at/all" }, "folder-missing"],
    ["may not be run", { path: import.meta.filename }, "tool-not-runnable"],
    ["has a parameter that no system takes", { parameters: ["a\u0000b"] }, "tool-not-started"],
  ])("that cannot be started because it %s is explained", async (_, change, code) => {
    await expect(start("", change)).rejects.toMatchObject({ name: "UserError", code });
  });
});

describe("a process of the same number", () => {
  test("is not taken for one that was born at another time, and is neither told nor waited for", async () => {
    const run = await start(stubborn(10_000));
    await until(() => read(run.process.stdout) === "ready\n");
    const stranger: DetachedProcess = { ...run.process, born: "1" };
    expect([isAlive(run.process), isAlive(stranger)]).toEqual([true, false]);
    expect(ensureInterrupted(stranger)).toBe("ended");
    expect(await waitForEnd(stranger, { limitMs: 10_000 })).toBe(true);
    expect(read(run.process.stdout)).toBe("ready\n");
  });

  test("is not told of anything where nobody knows when it was born", async () => {
    const run = await start(stubborn(10_000));
    expect(ensureInterrupted({ ...run.process, born: "" })).toBe("unknown");
    expect(existsSync(run.process.interrupted)).toBe(false);
  });

  test("counts as ended when nobody has asked for its exit code", async () => {
    const script = `const { spawnSync } = require("node:child_process");
      const child = require("node:child_process").spawn(process.execPath, ["-e", ""]);
      console.log(child.pid); spawnSync(process.execPath, ["-e", "setTimeout(() => {}, 3000)"]);`;
    const run = await start(script);
    await until(() => /\d\n/.test(read(run.process.stdout)));
    const child = Number(read(run.process.stdout));
    const stateOf = (): string | undefined => read(`/proc/${child}/stat`).split(") ")[1]?.[0];
    await until(() => stateOf() === "Z");
    expect(isAlive(identify(child))).toBe(false);
  });
});

describe("waiting for a process", () => {
  test("ends with it, and tells of the time meanwhile", async () => {
    const run = await start("setTimeout(() => {}, 400)");
    const ticks: number[] = [];
    expect(await waitForEnd(run.process, { limitMs: 20_000, onTick: (waited) => ticks.push(waited) })).toBe(true);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
  });

  test("ends at its limit, to the millisecond of the clock it is given", async () => {
    const run = await start(stubborn(20_000));
    let time = 5_000;
    const sleep = async (ms: number): Promise<void> => {
      time += ms;
    };
    expect(await waitForEnd(run.process, { limitMs: 950, sleep, now: () => time })).toBe(false);
    expect(time).toBe(5_950);
  });
});

/** An action's process with a detached tool, in a group of its own as the runner starts it. */
interface Parent {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly lines: readonly string[];
  readonly tool: DetachedProcess;
}

async function startParent(tool: string, script: string): Promise<Parent> {
  const fixture = join(import.meta.dirname, "fixtures/run-detached.ts");
  const words = [fixture, tool, folder, folder, process.execPath, "-e", script];
  const child = spawn(process.execPath, words, {
    env: { NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const lines: string[] = [];
  child.stdout.on("data", (chunk) => lines.push(...`${chunk}`.split("\n").filter((line) => line !== "")));
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await until(() => lines.includes("ready"));
  const found = findDetached(folder, "work");
  if (found === undefined) throw new Error("The tool left no record");
  started.push(found.pid);
  return { child, ended, lines, tool: found };
}

const said = ({ tool }: Parent): readonly string[] => read(tool.stdout).trim().split("\n");

describe("a cancel by the runner: SIGINT, SIGTERM, SIGKILL, to our process only", () => {
  test("reaches terraform as one SIGINT, and post sends no second", async () => {
    const parent = await startParent("terraform", stubborn(2_500));
    parent.child.kill("SIGINT");
    await wait(300);
    parent.child.kill("SIGTERM");
    await wait(300);
    parent.child.kill("SIGKILL");
    await parent.ended;
    expect(isAlive(parent.tool)).toBe(true);
    expect(ensureInterrupted(parent.tool)).toBe("sent-before");
    expect(await waitForEnd(parent.tool, { limitMs: 15_000 })).toBe(true);
    expect(said(parent)).toEqual(["ready", "SIGINT", "done"]);
  });

  test("by a SIGTERM alone is one SIGINT as well", async () => {
    const parent = await startParent("terraform", stubborn(1_000));
    parent.child.kill("SIGTERM");
    await parent.ended;
    expect(said(parent)).toEqual(["ready", "SIGINT", "done"]);
    expect(JSON.parse(parent.lines.at(-1) ?? "")).toEqual({ exitCode: 7 });
  });

  test("that kills us before a word leaves the signal to post, which sends it once", async () => {
    const parent = await startParent("terraform", stubborn(2_500));
    parent.child.kill("SIGKILL");
    await parent.ended;
    expect([1, 2, 3].map(() => ensureInterrupted(parent.tool))).toEqual(["sent", "sent-before", "sent-before"]);
    await waitForEnd(parent.tool, { limitMs: 15_000 });
    expect(said(parent)).toEqual(["ready", "SIGINT", "done"]);
    expect(ensureInterrupted(parent.tool)).toBe("ended");
  });

  test("does not end a tool that goes on printing when we are dead", async () => {
    const parent = await startParent("terraform", `${stubborn(1_500)} setInterval(() => console.log("on"), 20);`);
    parent.child.kill("SIGKILL");
    await parent.ended;
    await waitForEnd(parent.tool, { limitMs: 15_000 });
    expect(said(parent).at(-1)).toBe("done");
  });

  test("by a Ctrl-C in a terminal, which all in our group get, reaches it once", async () => {
    const parent = await startParent("terraform", stubborn(1_000));
    process.kill(-(parent.child.pid ?? Number.NaN), "SIGINT");
    await parent.ended;
    expect(said(parent)).toEqual(["ready", "SIGINT", "done"]);
  });

  test("is told helm twice, since helm wants it so", async () => {
    const parent = await startParent("helm", stubborn(7_500));
    parent.child.kill("SIGINT");
    await parent.ended;
    expect(said(parent)).toEqual(["ready", "SIGINT", "SIGTERM", "done"]);
  });
});

test("nothing of a detached process holds node: it may end while the tool runs on", async () => {
  const script = `
    import { startDetached } from ${JSON.stringify(join(import.meta.dirname, "../../src/kit/detached-process.ts"))};
    await startDetached({ tool: "terraform", path: process.execPath, parameters: ["-e", "setTimeout(() => {}, 10_000)"],
      environment: {}, folder: ${JSON.stringify(folder)}, logFolder: ${JSON.stringify(folder)}, name: "work",
      cancelled: new AbortController().signal });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
  const exitCode = await new Promise((resolve) => child.on("close", resolve));
  const found = findDetached(folder, "work");
  started.push(found?.pid ?? Number.NaN);
  expect([exitCode, found !== undefined && isAlive(found)]).toEqual([0, true]);
});
