import { basename, dirname } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { connectCommands } from "../../src/kit/command.ts";

const commands = connectCommands({ KEPT: "from the job", OTHER: "old", ABSENT: undefined });

describe("a command", () => {
  test("gives back what it said and how it ended, also when it failed", async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    expect(await commands.run(process.execPath, ["-e", script])).toEqual({
      exitCode: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  test("gets its parameters as they are, without a shell", async () => {
    const parameters = ["a b", "$(id)", "'", "*", ""];
    const { stdout } = await commands.run(process.execPath, [
      "-p",
      "JSON.stringify(process.argv.slice(1))",
      "--",
      ...parameters,
    ]);
    expect(JSON.parse(stdout)).toEqual(parameters);
  });

  test("has the job's environment and what is added to it", async () => {
    const script = "JSON.stringify([process.env.KEPT, process.env.OTHER, process.env.ABSENT])";
    const { stdout } = await commands.run(process.execPath, ["-p", script], { OTHER: "new" });
    expect(JSON.parse(stdout)).toEqual(["from the job", "new", null]);
  });

  test("that cannot be started fails", async () => {
    await expect(commands.run("/nowhere/tool", [])).rejects.toThrow(/nowhere/);
  });
});

test("a tool is found on PATH, or it is not there", async () => {
  const before = process.env["PATH"];
  process.env["PATH"] = dirname(process.execPath);
  try {
    expect(await commands.find(basename(process.execPath))).toBe(process.execPath);
    expect(await commands.find("no-such-tool-anywhere")).toBeUndefined();
  } finally {
    process.env["PATH"] = before;
  }
});
