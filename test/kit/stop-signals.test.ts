import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";

jest.setTimeout(30_000);

/** A tool that says each signal it gets, with the milliseconds since the first, and ends of none of them. */
const STUBBORN = `
  let first;
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => {
    first ??= performance.now();
    console.log(name, Math.round(performance.now() - first));
  });
  setTimeout(() => process.exit(7), END_MS);
  console.log("ready", process.pid);`;
const stubborn = (endMs: number): string => STUBBORN.replace("END_MS", String(endMs));

interface Parent {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly ready: Promise<number>;
  readonly ended: Promise<void>;
}

/** Starts an action's process in a group of its own, as a shell would, and waits until its tool is there. */
function startParent(tool: string, script: string): Parent {
  const fixture = join(import.meta.dirname, "fixtures/run-tool.ts");
  const child = spawn(process.execPath, [fixture, tool, script], {
    env: { NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const lines: string[] = [];
  const ready = Promise.withResolvers<number>();
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    const pid = /^ready (\d+)/m.exec(parts.join("\n"))?.[1];
    if (pid !== undefined) ready.resolve(Number(pid));
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return { child, lines, ready: ready.promise, ended };
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const signalsOf = ({ lines }: Parent): readonly string[] =>
  lines.filter((line) => line.startsWith("SIG")).map((line) => line.split(" ")[0] ?? "");
const outcomeOf = ({ lines }: Parent): unknown => JSON.parse(lines.at(-1) ?? "null");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a cancel by the runner: SIGINT, then SIGTERM, to our process only", () => {
  test("reaches each tool as what it understands, and not twice", async () => {
    const expected = { docker: ["SIGTERM"], helm: ["SIGINT"], terraform: ["SIGINT"] };
    const all = Object.entries(expected).map(async ([tool, signals]) => {
      const parent = startParent(tool, stubborn(1_500));
      await parent.ready;
      parent.child.kill("SIGINT");
      await wait(300);
      parent.child.kill("SIGTERM");
      await parent.ended;
      expect([tool, ...signalsOf(parent)]).toEqual([tool, ...signals]);
      expect(outcomeOf(parent)).toMatchObject({ exitCode: 7, cancelled: true });
    });
    await Promise.all(all);
  });

  test("that docker and helm outlast is followed by the next, and terraform is left to end by itself", async () => {
    const [docker, helm, terraform] = ["docker", "helm", "terraform"].map((tool) =>
      startParent(tool, stubborn(8_000)),
    ) as [Parent, Parent, Parent];
    const parents = [docker, helm, terraform];
    await Promise.all(parents.map(({ ready }) => ready));
    for (const { child } of parents) child.kill("SIGINT");
    await Promise.all(parents.map(({ ended }) => ended));
    expect(signalsOf(docker)).toEqual(["SIGTERM"]);
    expect(outcomeOf(docker)).toMatchObject({ signal: "SIGKILL", cancelled: true });
    expect(signalsOf(helm)).toEqual(["SIGINT", "SIGTERM"]);
    const second = Number(helm.lines.find((line) => line.startsWith("SIGTERM"))?.split(" ")[1]);
    expect(second).toBeGreaterThan(5_800);
    expect(second).toBeLessThan(7_500);
    expect(signalsOf(terraform)).toEqual(["SIGINT"]);
    expect(outcomeOf(terraform)).toMatchObject({ exitCode: 7 });
  });
});

test("a Ctrl-C in a terminal, which all in the group get, reaches a tool once", async () => {
  const parent = startParent("terraform", stubborn(1_000));
  await parent.ready;
  process.kill(-(parent.child.pid ?? Number.NaN), "SIGINT");
  await parent.ended;
  expect(signalsOf(parent)).toEqual(["SIGINT"]);
});

test("what docker has started is told as well, what terraform has started is not", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => {});
    spawn(process.execPath, ["-e", ${JSON.stringify(stubborn(1_000))}], { stdio: "inherit" });`;
  const docker = startParent("docker", script);
  const terraform = startParent("terraform", script);
  await Promise.all([docker.ready, terraform.ready]);
  for (const { child } of [docker, terraform]) child.kill("SIGINT");
  await Promise.all([docker.ended, terraform.ended]);
  expect(signalsOf(docker)).toEqual(["SIGTERM"]);
  expect(signalsOf(terraform)).toEqual([]);
});

test("a tool that prints ends soon after our process was killed without a word", async () => {
  const parent = startParent("docker", "console.log('ready', process.pid); setInterval(() => console.log('on'), 50)");
  const pid = await parent.ready;
  parent.child.kill("SIGKILL");
  await parent.ended;
  for (let waited = 0; isAlive(pid) && waited < 5_000; waited += 50) await wait(50);
  expect(isAlive(pid)).toBe(false);
});
