import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { followFile } from "../../src/kit/follow-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "follow-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function linesOf(content: Buffer | string): Promise<readonly string[]> {
  const path = join(folder, "log");
  writeFileSync(path, content);
  const lines: string[] = [];
  await followFile(path, (line) => lines.push(line), { until: Promise.resolve() });
  return lines;
}

describe("a file that is finished", () => {
  test("is read from its beginning, with its last line whole or not", async () => {
    expect(await linesOf("one\n\ntwo\r\nthree")).toEqual(["one", "", "two", "three"]);
    expect(await linesOf("one\n")).toEqual(["one"]);
    expect(await linesOf("")).toEqual([]);
  });

  test("gives its lines as they stand: colours and commands are for others to take out", async () => {
    expect(await linesOf("::error::\u001b[1mx\n##[y]\n")).toEqual(["::error::\u001b[1mx", "##[y]"]);
  });

  test("keeps characters whole wherever the reads part them", async () => {
    const line = "€🦋ü".repeat(100_000);
    expect(await linesOf(`x${line}\ny${line}\n`)).toEqual([`x${line}`, `y${line}`]);
  });

  test("may hold a line of megabytes; one that never ends comes in parts, and nothing of it is lost", async () => {
    const long = "x".repeat(5_000_000);
    expect(await linesOf(`${long}\nend`)).toEqual([long, "end"]);
    const parts = await linesOf(Buffer.alloc(40_000_000, "y"));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join("")).toHaveLength(40_000_000);
  });

  test("whose reader breaks is given up, and the fault is told", async () => {
    writeFileSync(join(folder, "log"), "one\ntwo\n");
    const broken = followFile(
      join(folder, "log"),
      () => {
        throw new Error("cannot read this line");
      },
      { until: new Promise(() => undefined) },
    );
    await expect(broken).rejects.toThrow("cannot read this line");
  });

  test("that is not there is told", async () => {
    await expect(followFile(join(folder, "none"), () => undefined, { until: Promise.resolve() })).rejects.toThrow(
      "ENOENT",
    );
  });
});

describe("a file that grows", () => {
  test("gives each line when it is whole, and what came last after the end, in order and once", async () => {
    const path = join(folder, "log");
    writeFileSync(path, "one\ntw");
    const lines: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const following = followFile(path, (line) => lines.push(line), { until: promise, everyMs: 10 });
    await wait(60);
    expect(lines).toEqual(["one"]);
    appendFileSync(path, "o\nthree");
    await wait(60);
    expect(lines).toEqual(["one", "two"]);
    appendFileSync(path, "!\nfour\nfi");
    resolve();
    await following;
    expect(lines).toEqual(["one", "two", "three!", "four", "fi"]);
  });

  test("ends as well when what wrote it failed, without another wait", async () => {
    writeFileSync(join(folder, "log"), "one");
    const before = performance.now();
    const lines: string[] = [];
    const failed = wait(30).then(() => Promise.reject(new Error("broke")));
    await followFile(join(folder, "log"), (line) => lines.push(line), { until: failed, everyMs: 60_000 });
    await expect(failed).rejects.toThrow("broke");
    expect(lines).toEqual(["one"]);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test("is read at most every tenth of a second or so", async () => {
    writeFileSync(join(folder, "log"), "");
    const before = process.cpuUsage();
    await followFile(join(folder, "log"), () => undefined, { until: wait(1_000) });
    const { user, system } = process.cpuUsage(before);
    // Ten looks take a few milliseconds; a busy loop would take all of the second.
    expect((user + system) / 1000).toBeLessThan(400);
  });
});

test("whatever is written, in whatever pieces, comes out as its lines", async () => {
  const piece = fc.oneof(fc.constantFrom("\n", "\r\n", "\r", "🦋", "é"), fc.string({ unit: "grapheme", maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.infiniteStream(fc.nat(7)), async (pieces, cuts) => {
      const path = join(folder, "log");
      const text = pieces.join("");
      writeFileSync(path, "");
      const lines: string[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const following = followFile(path, (line) => lines.push(line), { until: promise, everyMs: 0 });
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) {
        const end = at + 1 + cuts.next().value;
        appendFileSync(path, bytes.subarray(at, end));
        at = end;
        await new Promise(setImmediate);
      }
      resolve();
      await following;
      const expected = text.split("\n").map((line) => line.replace(/\r$/, ""));
      if (text.endsWith("\n") || text === "") expected.pop();
      expect(lines).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
