import type { Duplex } from "node:stream";
import type { Dial } from "../actions/smoke/world.ts";
import { bind, DialFailure, type Patience } from "./patience.ts";

/** What a dial opens. What it throws is for who made it to explain, and goes through as it is. */
export async function openDial(dial: Dial, patience: Patience): Promise<Duplex> {
  patience.waitingFor = "connection";
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(patience.signal.reason);
  patience.signal.addEventListener("abort", giveUp, { once: true });
  const opening = dial();
  try {
    return bind(await Promise.race([opening, late]), patience);
  } catch (error) {
    if (!patience.signal.aborted) throw new DialFailure("the way was not opened", { cause: error });
    // What is opened too late is nobody's.
    opening.then(
      (stream) => stream.destroy(),
      () => {},
    );
    throw error;
  } finally {
    patience.signal.removeEventListener("abort", giveUp);
  }
}

/**
 * A forwarded port says no within 3 ms on a quiet cluster (measured with 1.36), and never says yes. A node that is far
 * away, or busy, takes longer, and whoever waits too little takes a port for open that is not.
 */
const SETTLED_MS = 1_000;

/** Waits until it can be taken that somebody takes the connection: bytes are a proof, silence has to do. */
export function settle(stream: Duplex): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const settled = setTimeout(resolve, SETTLED_MS);
    stream.once("data", () => resolve());
    stream.once("error", reject);
    const refuse = (): void => reject(Object.assign(new Error("the connection was ended"), { code: "ECONNRESET" }));
    stream.once("end", refuse);
    stream.once("close", () => {
      clearTimeout(settled);
      refuse();
    });
  }).finally(() => stream.destroy());
}
