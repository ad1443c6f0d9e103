import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BlobRefusal } from "../../src/azure/blobs.ts";
import { type TailedLog, tailLog } from "../../src/azure/tail-log.ts";

const START = Date.parse("2026-11-21T10:00:00Z");

interface Far {
  /** How much of the log is there at each look; the last one again and again. */
  readonly sizes: readonly (number | undefined)[];
  readonly content: Buffer;
  /** At which look the log says that it is whole; never without one. */
  readonly completeAt?: number;
  readonly overAt?: number;
  /** Seconds that a link is good for. */
  readonly linkSeconds?: number;
  readonly refuse?: (look: number, url: string) => number | undefined;
}

/** A log that is played, and a clock that moves when somebody sleeps. */
function play(far: Far) {
  let [look, at, links, asked] = [-1, START, 0, 0];
  const lines: string[] = [];
  const cancel = new AbortController();
  const sizeNow = () => far.sizes[Math.min(look, far.sizes.length - 1)];
  const requireOpen = (url: string): void => {
    const status = far.refuse?.(look, url);
    if (status !== undefined) throw new BlobRefusal(`it answered ${status}`, status, undefined);
  };
  const log: TailedLog = {
    blobs: {
      find: async (url) => {
        look += 1;
        requireOpen(url);
        const size = sizeNow();
        const metadata: Record<string, string> = look >= (far.completeAt ?? Infinity) ? { complete: "successful" } : {};
        return size === undefined ? undefined : { size, metadata };
      },
      read: async (url, offset, count) => {
        requireOpen(url);
        return far.content.subarray(offset, offset + count);
      },
    },
    findUrl: async () => {
      links += 1;
      const end = new Date(at + (far.linkSeconds ?? 4500) * 1000).toISOString();
      return `https://logs.blob.core.windows.net/x?link=${links}&se=${end}`;
    },
    isOver: async () => {
      asked += 1;
      return look >= (far.overAt ?? Infinity);
    },
    onLine: (line) => void lines.push(line),
    time: {
      now: () => new Date(at),
      sleep: async (milliseconds) => {
        at += milliseconds;
      },
    },
    cancelled: cancel.signal,
  };
  const seconds = () => (at - START) / 1000;
  return { log, lines, cancel, links: () => links, asked: () => asked, seconds };
}

describe("a log that grows", () => {
  test("hands on each line once and whole, however it comes", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "→", "🐙", "\r\n", "\n", "\r"), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 8 }), async (whole, cuts) => {
        const content = Buffer.from(whole);
        const sizes = cuts.map((cut) => cut % (content.length + 1)).sort((a, b) => a - b);
        const { log, lines } = play({ sizes: [...sizes, content.length], content, completeAt: sizes.length });
        expect(await tailLog(log)).toEqual({ kind: "complete", outcome: "successful" });
        const expected = whole.split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(lines).toEqual(expected.map((line) => line.replace(/\r$/, "")));
      }),
    );
  });

  test("is read to its end also where it is far longer than one read", async () => {
    const line = "x".repeat(1_023);
    const content = Buffer.from(`${line}\n`.repeat(5_000));
    const { log, lines, seconds } = play({ sizes: [content.length], content, completeAt: 0 });
    await tailLog(log);
    expect(lines).toHaveLength(5_000);
    expect(seconds()).toBe(0);
  });

  test("without ends of lines does not fill the memory", async () => {
    const content = Buffer.alloc(3 * 1024 * 1024, "x");
    const { log, lines } = play({ sizes: [content.length], content, completeAt: 0 });
    await tailLog(log);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("")).toHaveLength(content.length);
  });

  test("is not asked about the run while it grows", async () => {
    const content = Buffer.from("a\n".repeat(40));
    const sizes = Array.from({ length: 40 }, (_, n) => 2 * (n + 1));
    const { log, asked } = play({ sizes, content, completeAt: 39 });
    await tailLog(log);
    expect(asked()).toBe(0);
  });
});

describe("a log that is silent", () => {
  test("ends with the run, though it never says that it is whole", async () => {
    const content = Buffer.from("one\ntwo");
    const { log, lines, seconds } = play({ sizes: [7], content, overAt: 0 });
    expect(await tailLog(log)).toEqual({ kind: "over" });
    expect(lines).toEqual(["one", "two"]);
    expect(seconds()).toBeLessThan(30);
  });

  test("and not there is waited for while the run goes on, and some time longer", async () => {
    const content = Buffer.from("late\n");
    const late = play({ sizes: [...Array<undefined>(100).fill(undefined), 5], content, completeAt: 100 });
    expect(await tailLog(late.log)).toMatchObject({ kind: "complete" });
    expect(late.lines).toEqual(["late"]);
    const never = play({ sizes: [undefined], content, overAt: 0 });
    expect(await tailLog(never.log)).toEqual({ kind: "over" });
    expect(never.seconds()).toBeGreaterThan(25);
    expect(never.seconds()).toBeLessThan(60);
  });
});

describe("a link to a log", () => {
  test("is renewed before its end", async () => {
    const content = Buffer.from("a\n".repeat(3_000));
    const sizes = Array.from({ length: 3_000 }, (_, n) => 2 * (n + 1));
    const far = play({ sizes, content, completeAt: 2_999, linkSeconds: 900, refuse: () => undefined });
    expect(await tailLog(far.log)).toMatchObject({ kind: "complete" });
    // 50 minutes of log, a link of 15 that is given up at 11 or later.
    expect(far.links()).toBeGreaterThanOrEqual(4);
    expect(far.links()).toBeLessThanOrEqual(6);
  });

  test("that is refused is replaced, once", async () => {
    const content = Buffer.from("a\n");
    const healed = play({
      sizes: [2],
      content,
      completeAt: 1,
      refuse: (_, url) => (url.includes("link=1&") ? 403 : undefined),
    });
    expect(await tailLog(healed.log)).toMatchObject({ kind: "complete" });
    expect(healed.links()).toBe(2);
    const refused = play({ sizes: [2], content, refuse: () => 403 });
    expect(await tailLog(refused.log)).toEqual({ kind: "lost", because: "it answered 403" });
    expect(refused.links()).toBe(2);
  });

  test("to a storage that is broken is given up, and says why", async () => {
    const { log } = play({ sizes: [2], content: Buffer.from("a\n"), refuse: () => 500 });
    expect(await tailLog(log)).toEqual({ kind: "lost", because: "it answered 500" });
  });
});

test("a log is left when the job is cancelled", async () => {
  const { log, cancel } = play({ sizes: [undefined], content: Buffer.alloc(0) });
  const work = tailLog({
    ...log,
    time: {
      ...log.time,
      sleep: async () => {
        cancel.abort();
      },
    },
  });
  expect(await work).toEqual({ kind: "cancelled" });
});
