import { Duplex } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { connect, faultOf, findClosedPort, LIMITS, serveBytes } from "./far-side.ts";

describe("a connection", () => {
  test("is taken", async () => {
    await using far = await serveBytes(() => {});
    await connect().connect({ host: "127.0.0.1", port: far.port }, LIMITS);
    expect(far.connections()).toBe(1);
  });

  test("is refused", async () => {
    const port = await findClosedPort();
    expect((await faultOf(connect().connect({ host: "127.0.0.1", port }, LIMITS))).kind).toBe("refused");
  });

  test("through a dial is taken when nobody says no", async () => {
    const stream = new Duplex({ read: () => {} });
    await connect().connect({ host: "x", port: 1 }, { ...LIMITS, dial: async () => stream });
    expect(stream.destroyed).toBe(true);
  });

  test("through a dial is taken at once when something is said", async () => {
    const stream = new Duplex({ read: () => {} });
    setTimeout(() => stream.push("INFO {}"), 10);
    const begun = performance.now();
    await connect().connect({ host: "x", port: 1 }, { ...LIMITS, dial: async () => stream });
    expect(performance.now() - begun).toBeLessThan(250);
  });

  test.each([
    [
      "an error",
      (stream: Duplex) => void stream.destroy(Object.assign(new Error("no"), { code: "ECONNREFUSED" })),
      "refused",
    ],
    ["its end", (stream: Duplex) => void stream.push(null), "reset"],
    ["its end without a word", (stream: Duplex) => void stream.destroy(), "reset"],
    // A node that has much to do takes its time.
    [
      "an error that is late",
      (stream: Duplex) =>
        void setTimeout(() => stream.destroy(Object.assign(new Error("no"), { code: "ECONNREFUSED" })), 700),
      "refused",
    ],
  ])("through a dial is refused by %s", async (_, refuse, kind) => {
    const stream = new Duplex({ read: () => {} });
    setTimeout(() => refuse(stream), 20);
    const work = connect().connect({ host: "x", port: 1 }, { ...LIMITS, dial: async () => stream });
    expect((await faultOf(work)).kind).toBe(kind);
  });
});
