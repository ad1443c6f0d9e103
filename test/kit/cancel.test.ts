import { EventEmitter } from "node:events";
import { describe, expect, test } from "@jest/globals";
import { sleep, unlessCancelled, watchCancel } from "../../src/kit/cancel.ts";

describe("a cancelled job", () => {
  test.each(["SIGINT", "SIGTERM"])("is seen by %s", (signal) => {
    const process = new EventEmitter();
    const cancelled = watchCancel(process as NodeJS.Process);
    expect(cancelled.aborted).toBe(false);
    process.emit(signal);
    expect(cancelled.reason).toEqual(new Error(`cancelled by ${signal}`));
  });

  test("keeps its first reason when the runner insists", () => {
    const process = new EventEmitter();
    const cancelled = watchCancel(process as NodeJS.Process);
    process.emit("SIGINT");
    process.emit("SIGTERM");
    expect(cancelled.reason).toEqual(new Error("cancelled by SIGINT"));
  });
});

describe("sleep", () => {
  const AN_HOUR_MS = 3_600_000;

  test("waits as long as it is told", async () => {
    const before = performance.now();
    await sleep(30);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  test("ends at once when it is cancelled, before or meanwhile", async () => {
    const controller = new AbortController();
    const sleeping = sleep(AN_HOUR_MS, controller.signal);
    controller.abort();
    await sleeping;
    await sleep(AN_HOUR_MS, controller.signal);
  });

  test("does not end at once when it is longer than a timer can be", async () => {
    const controller = new AbortController();
    const sleeping = sleep(100 * 24 * AN_HOUR_MS, controller.signal).then(() => "woke");
    expect(await Promise.race([sleeping, sleep(20).then(() => "asleep")])).toBe("asleep");
    controller.abort();
    await sleeping;
  });
});

describe("work that cannot be called off", () => {
  const never = new Promise<string>(() => undefined);
  const cancelled = { code: "cancelled" };

  test("is waited for while the job is not cancelled", async () => {
    const { signal } = new AbortController();
    await expect(unlessCancelled(Promise.resolve("done"), signal)).resolves.toBe("done");
    await expect(unlessCancelled(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    await expect(unlessCancelled(Promise.resolve("done"), undefined)).resolves.toBe("done");
  });

  test("is given up once the job is cancelled, before or meanwhile", async () => {
    const controller = new AbortController();
    const waiting = unlessCancelled(never, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject(cancelled);
    await expect(unlessCancelled(never, controller.signal)).rejects.toMatchObject(cancelled);
  });
});
