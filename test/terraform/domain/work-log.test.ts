import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { StreamEvent } from "../../../src/terraform/stream-event.ts";
import { createWorkLog } from "../../../src/terraform/work-log.ts";
import { readStream, readWork } from "./streams.ts";

describe("what terraform has done", () => {
  test("is counted by changes, a replacement as two, each with its time", () => {
    const facts = readWork("apply-replace");
    expect(facts).toMatchObject({ done: 4, failed: 0, total: 4, summary: { operation: "apply", add: 2, remove: 2 } });
    expect(facts.work.map(({ address, action, outcome }) => [address, action, outcome])).toEqual([
      ["terraform_data.turn", "delete", "done"],
      ["terraform_data.slow", "create", "done"],
      ["terraform_data.turn", "create", "done"],
      ["terraform_data.slow", "delete", "done"],
    ]);
    const slow = facts.work[1];
    expect((slow?.toMs ?? 0) - (slow?.fromMs ?? 0)).toBeGreaterThan(1000);
  });

  test("tells an object from the forerunner that has its address", () => {
    const facts = readWork("destroy-deposed");
    expect(facts.done).toBe(4);
    expect(facts.work.every(({ outcome }) => outcome === "done")).toBe(true);
    // terraform itself counts three: it takes the two of one address that went side by side for one.
    expect(facts).toMatchObject({ total: 4, summary: { operation: "destroy", remove: 3 } });
  });

  test("keeps what failed, and each diagnostic once", () => {
    const facts = readWork("interrupt");
    expect(facts).toMatchObject({
      done: 1,
      failed: 1,
      total: 3,
      interrupts: 1,
      dropped: false,
      summary: { operation: "plan" },
    });
    expect(facts.diagnostics.map(({ summary }) => summary)).toEqual([
      "local-exec provisioner error",
      "execution halted",
    ]);
  });

  test("says that terraform left in the middle of its work", () => {
    const facts = readWork("two-interrupts");
    expect(facts).toMatchObject({ interrupts: 2, dropped: true });
    expect(facts.work.filter(({ outcome }) => outcome === "running").map(({ address }) => address)).toEqual([
      "terraform_data.slow",
    ]);
  });

  test("counts an apply after its plan once", () => {
    expect(readWork("plan", "apply")).toMatchObject({ done: 5, total: 5 });
  });

  test("counts another try on top of what was done before it", () => {
    expect(readWork("apply-failed", "destroy").done).toBe(4);
    expect(readWork("destroy", "destroy-nothing")).toMatchObject({ done: 4, total: 4 });
  });

  test("takes the total from an approved plan", () => {
    const log = createWorkLog(40);
    for (const { event, atMs } of readStream("apply")) log.read(event, atMs);
    expect(log.facts()).toMatchObject({ done: 5, total: 40 });
  });

  test("knows that the lock is waited for", () => {
    expect(readWork("interrupt-while-waiting")).toMatchObject({ lock: "acquiring", interrupts: 1, done: 0 });
  });

  test("keeps what was said outside of the stream, up to what a person reads", () => {
    const log = createWorkLog();
    for (let line = 0; line < 1000; line += 1) log.read({ kind: "text", text: `panic ${line}` }, line);
    expect(log.facts().texts).toHaveLength(200);
  });

  test("never has a resource that ends before it begins, more done than planned, or a failure that was mended", () => {
    const address = fc.constantFrom("a.a", "a.b", "data.a.c");
    const action = fc.constantFrom("create", "delete", "read", "update") as fc.Arbitrary<"create">;
    const seconds = fc.nat(100);
    const kind = fc.constantFrom("complete", "errored", "progress") as fc.Arbitrary<"complete">;
    const event: fc.Arbitrary<StreamEvent> = fc.oneof(
      fc.record({ kind: fc.constant("start" as const), address, action }),
      fc.record({ kind, address, action, seconds }),
      fc.record({ kind: fc.constant("planned" as const), address, action }),
      fc.record({ kind: fc.constant("version" as const), version: fc.constant("1.11.4") }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const log = createWorkLog();
        for (const [index, one] of events.entries()) log.read(one, index * 1000);
        const { work, done, failed, total } = log.facts();
        for (const { fromMs, toMs } of work) expect(toMs ?? fromMs).toBeGreaterThanOrEqual(fromMs);
        expect(done).toBeLessThanOrEqual(total ?? done);
        expect(done + failed).toBeLessThanOrEqual(work.length);
        const ended = events.filter((one) => one.kind === "complete" && one.action !== "read").length;
        expect(done).toBe(ended);
      }),
      { numRuns: 500 },
    );
  });
});
