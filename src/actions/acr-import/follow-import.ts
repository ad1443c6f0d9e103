import type { ImportAnswer, ImportEnd, World } from "./world.ts";

/** Sooner than ARM asks for: a small image is copied in seconds. */
const FIRST_LOOK_MS = 3_000;
/** ARM's own `Retry-After` for an import. */
const LOOK_EVERY_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
/** Looks without an answer, before the target is asked instead. */
const MOST_BLIND_LOOKS = 5;

/** How an import ended; `left` when nobody waited for the end. */
export type Followed = ImportEnd | { readonly kind: "left"; readonly because: string };

export interface Patience {
  /** Why nobody waits any longer (cancelled, too late), or undefined. */
  stopped(): string | undefined;
  /** Milliseconds until the run has to be over. */
  left(): number;
}

/** Waits until ARM says how an import ended. */
export async function followImport(
  first: ImportAnswer,
  patience: Patience,
  world: Pick<World, "imports" | "sleep">,
): Promise<Followed> {
  if (first.kind !== "running") return first;
  const { operation } = first;
  let pauseMs = FIRST_LOOK_MS;
  for (let blind = 0; ; ) {
    await world.sleep(Math.max(0, Math.min(pauseMs, patience.left())));
    const stop = patience.stopped();
    if (stop !== undefined) return { kind: "left", because: stop };
    const answer = await world.imports.find(operation);
    if (answer.kind === "done" || answer.kind === "failed") return answer;
    blind = answer.kind === "running" ? 0 : blind + 1;
    if (answer.kind !== "running" && blind >= MOST_BLIND_LOOKS) return { kind: "unanswered", because: answer.because };
    const asked = answer.kind === "unanswered" ? undefined : answer.retryAfterMs;
    pauseMs = Math.min(asked ?? LOOK_EVERY_MS, LONGEST_PAUSE_MS);
  }
}
