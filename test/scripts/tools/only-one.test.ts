import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { onlyOne } from "../../../scripts/tools/only-one.ts";

const MODULE = join(import.meta.dirname, "../../../scripts/tools/only-one.ts");

test("does the same work one after the other, and tells who waits", async () => {
  const name = `test-${process.pid}-order`;
  const said: string[] = [];
  const work = (who: string) =>
    onlyOne(
      name,
      () => said.push(`${who} waits`),
      async () => {
        said.push(`${who} begins`);
        await new Promise((done) => setTimeout(done, 30));
        said.push(`${who} ends`);
      },
    );
  const first = work("a");
  await new Promise((done) => setTimeout(done, 10));
  await Promise.all([first, work("b")]);
  expect(said).toEqual(["a begins", "b waits", "a ends", "b begins", "b ends"]);
});

test("lets others in when the work failed", async () => {
  const name = `test-${process.pid}-failure`;
  const failing = onlyOne(
    name,
    () => undefined,
    () => Promise.reject(new Error("no")),
  );
  await expect(failing).rejects.toThrow("no");
  expect(
    await onlyOne(
      name,
      () => undefined,
      async () => "done",
    ),
  ).toBe("done");
});

test("lets others in when the process that worked was killed", async () => {
  const name = `test-${process.pid}-killed`;
  const code = `import { onlyOne } from ${JSON.stringify(MODULE)};
    await onlyOne(${JSON.stringify(name)}, () => undefined, async () => { console.log("in"); await new Promise((done) => setTimeout(done, 60_000)); });`;
  const other = spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(other.stdout, "data");
  const mine = onlyOne(
    name,
    () => other.kill("SIGKILL"),
    async () => "mine",
  );
  expect(await mine).toBe("mine");
});
