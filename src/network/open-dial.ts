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
