import { codeOf, listClauses } from "../../kit/error-chain.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** The longest time between the registry's answer what holds something and the request to remove that. */
const LONGEST_WINDOW_MS = 1_000;
/** An answer that took longer than this to come may be as old. */
const LONGEST_LOOK_MS = 10_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/** Faults that meet every request alike: nobody asks on. */
const HOPELESS: ReadonlySet<string> = new Set(["registry-denied", "registry-firewall", "registry-login-expired"]);

/** What a last look says. */
export type Finding =
  /** Nothing speaks against it. `answeredAt` is when the oldest of the answers came. */
  | { readonly kind: "remove"; readonly answeredAt: number }
  | { readonly kind: "gone" }
  | { readonly kind: "end"; readonly outcome: Outcome }
  /** It may look otherwise soon: what was removed is listed for a while. */
  | { readonly kind: "again"; readonly outcome: Outcome };

export interface Turn {
  /** Why no delete may begin now (cancelled, too late, refused before), or undefined. */
  stopped(): string | undefined;
  /** Looks again. */
  find(): Promise<Finding>;
  /** Sends one DELETE, once. */
  remove(): Promise<"removed" | "gone" | "locked">;
  /** Called when no further request makes sense. */
  giveUp(because: string): void;
}

/**
 * Looks again and removes one tag or manifest, unless that look speaks against it.
 *
 * The registry has no conditional delete: a look older than a second is taken again, and a DELETE without an answer is
 * followed by a look.
 */
export async function takeTurn(turn: Turn, world: Pick<World, "monotonic" | "sleep" | "cancelled">): Promise<Outcome> {
  let sent = false;
  let last: Outcome = { kind: "not-started", because: "its turn did not come" };
  for (let tried = 0; tried < TRIES; tried += 1) {
    const stop = turn.stopped();
    if (stop !== undefined) return leave(stop, sent);
    const startedAt = world.monotonic();
    try {
      const finding = await turn.find();
      if (finding.kind === "gone") return sent ? { kind: "removed", windowMs: undefined } : { kind: "gone" };
      if (finding.kind === "end") return finding.outcome;
      if (finding.kind === "again") {
        last = finding.outcome;
        await pause(tried, world);
        continue;
      }
      const stopNow = turn.stopped();
      if (stopNow !== undefined) continue;
      const windowMs = world.monotonic() - finding.answeredAt;
      const lookMs = world.monotonic() - startedAt;
      if (windowMs > LONGEST_WINDOW_MS || lookMs > LONGEST_LOOK_MS) {
        last = fail("purge-failed", `the look before the delete was ${Math.round(Math.max(windowMs, lookMs))} ms old`);
        continue;
      }
      const before = sent;
      sent = true;
      const answer = await turn.remove();
      if (answer === "removed" || (answer === "gone" && before))
        return { kind: "removed", windowMs: Math.round(windowMs) };
      if (answer === "gone") return { kind: "gone" };
      return { kind: "locked", because: "the registry does not allow it (405)" };
    } catch (error) {
      const because = listClauses(error).join(": ");
      if (world.cancelled.aborted) continue;
      if (HOPELESS.has(codeOf(error))) {
        turn.giveUp(because);
        return fail(codeOf(error), because);
      }
      last = fail(codeOf(error) === "unexpected" ? "purge-failed" : codeOf(error), because);
      await pause(tried, world);
    }
  }
  const stop = turn.stopped();
  if (stop !== undefined) return leave(stop, sent);
  if (last.kind !== "failed") return last;
  return { ...last, because: `${last.because} (tried ${TRIES} times)` };
}

function leave(because: string, sent: boolean): Outcome {
  return sent ? { kind: "asked", because } : { kind: "not-started", because };
}

function fail(code: string, because: string): Outcome {
  return { kind: "failed", code, because };
}

function pause(tried: number, world: Pick<World, "sleep">): Promise<void> {
  return world.sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried));
}
