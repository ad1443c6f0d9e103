import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";

/** Ten processes load the same modules: compiling them once saves half of the time. */
const compiled = mkdtempSync(join(tmpdir(), "start-compiled-"));
afterAll(() => rmSync(compiled, { recursive: true }));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Ending {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: string;
  readonly summary: string;
}

/** Runs a stage of the sample action as the runner does: a process of its own, with fresh command files. */
async function runSample(
  environment: Readonly<Record<string, string>>,
  stage = "main",
  cancelAt = "",
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  folders.push(folder);
  const files = {
    GITHUB_OUTPUT: join(folder, "out"),
    GITHUB_STATE: join(folder, "state"),
    GITHUB_STEP_SUMMARY: join(folder, "sum"),
  };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const child = spawn(process.execPath, [join(import.meta.dirname, "fixtures/sample-action.ts"), stage], {
    env: { NODE_NO_WARNINGS: "1", NODE_COMPILE_CACHE: compiled, RUNNER_TEMP: folder, ...files, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (cancelAt !== "" && log.includes(cancelAt)) child.kill("SIGINT");
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    code,
    log,
    outputs: readFileSync(files.GITHUB_OUTPUT, "utf8"),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
  };
}

describe("a main stage", () => {
  test("writes its outputs, and a summary without secrets", async () => {
    const ending = await runSample({ INPUT_WAY: "succeed", INPUT_COUNT: "3" });
    expect(ending.code).toBe(0);
    expect(ending.outputs).toMatch(/^count<<(\S+)\n3\n\1\nnote<<(\S+)\ntwo\nlines\n\2\nerror-code<<(\S+)\n\n\3\n$/);
    expect(ending.summary).not.toMatch(/hush|aHVza/);
    expect(ending.log).toContain("::add-mask::hush-hush-hush\n");
    expect(ending.log).not.toMatch(/^::error/m);
  });

  test("names every wrong input in one annotation, and fails", async () => {
    const ending = await runSample({ INPUT_WAY: "jump", INPUT_COUNT: "10" });
    expect(ending.code).toBe(1);
    expect(ending.log).toContain(
      '::error title=Sample failed::way: expected one of succeed, half, refuse, break, wait, got "jump"%0A' +
        'count: expected a whole number of things from 0 to 9, got "10"\n',
    );
    expect(ending.outputs).toMatch(/^error-code<<(\S+)\nbad-input\n\1\n$/);
  });

  test("that half failed still writes what it did", async () => {
    const ending = await runSample({ INPUT_WAY: "half", INPUT_COUNT: "2" });
    expect(ending.code).toBe(1);
    expect(ending.outputs).toMatch(
      /^count<<(\S+)\n2\n\1\nnote<<(\S+)\n\n\2\nerror-code<<(\S+)\n\n\3\nerror-code<<(\S+)\nhalf-done\n\4\n$/,
    );
    expect(ending.log).toContain("::error title=Sample failed::Half of it failed.\n");
  });

  test("says whose fault it is, where, and never the secret", async () => {
    const ending = await runSample({ INPUT_WAY: "refuse" });
    expect(ending.code).toBe(1);
    expect(ending.log).toContain(
      "::error title=Sample failed,file=a.yml,line=7::Cannot push%0A  because: the token *** was refused\n",
    );
    expect(ending.outputs).toContain("\ndenied\n");
  });

  test("shows the stack of a fault of ours", async () => {
    const ending = await runSample({ INPUT_WAY: "break" });
    expect(ending.code).toBe(1);
    expect(ending.log).toMatch(/::error [^\n]*This is a fault in Mayfly.*x is not a function.*sample-action\.ts/);
    expect(ending.outputs).toContain("\nunexpected\n");
  });

  test("that is cancelled has the time to write down the truth", async () => {
    const ending = await runSample({ INPUT_WAY: "wait" }, "main", "waiting");
    expect(ending.code).toBe(0);
    expect(ending.outputs).toContain("\ncancelled\n");
  });

  test("does not turn green when its outputs cannot be written", async () => {
    const ending = await runSample({ INPUT_WAY: "succeed", GITHUB_OUTPUT: "/nowhere/out" });
    expect(ending.code).not.toBe(0);
    expect(ending.log).toContain("::error title=Sample failed::");
  });

  test("stays green, with a warning, when its summary cannot be written", async () => {
    const ending = await runSample({ INPUT_WAY: "succeed", GITHUB_STEP_SUMMARY: "/nowhere/summary" });
    expect(ending.code).toBe(0);
    expect(ending.log).toMatch(/^::warning::The step summary could not be written/m);
  });

  test("works without a page for its summary, as in a shell", async () => {
    expect((await runSample({ INPUT_WAY: "succeed", GITHUB_STEP_SUMMARY: "" })).code).toBe(0);
  });
});

describe("a post stage", () => {
  test("gets what main kept", async () => {
    const ending = await runSample({ STATE_kept: "for post" }, "post");
    expect([ending.code, ending.log]).toEqual([0, "post has for post\n"]);
  });

  test("only warns when it fails", async () => {
    const ending = await runSample({}, "post");
    expect(ending.code).toBe(0);
    expect(ending.log).toMatch(/^::warning title=Sample%3A clean-up was not finished::.*nothing was kept/);
  });
});
