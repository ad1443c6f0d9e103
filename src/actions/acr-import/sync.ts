import { renderDuration } from "../../kit/duration.ts";
import { codeOf, listClauses } from "../../kit/error-chain.ts";
import { startProgress } from "../../kit/progress.ts";
import { eachSideBySide } from "../../kit/side-by-side.ts";
import { bringCompanions, type CompanionOptions, NO_COMPANIONS, rememberCompanions } from "./bring-companions.ts";
import type { Mode } from "./decide-step.ts";
import type { FoundTarget } from "./find-targets.ts";
import { importOne } from "./import-one.ts";
import { describeOutcome, type Outcome } from "./outcome.ts";
import { type ImageLine, renderTarget } from "./parse-images.ts";
import type { ImageRecord } from "./record.ts";
import type { ResolvedSource } from "./resolve-source.ts";
import type { Target, World } from "./world.ts";

export interface SyncOptions extends CompanionOptions {
  readonly mode: Mode;
  readonly concurrency: number;
  readonly clientId: string;
  /** `monotonic` milliseconds at which the run has to be over. */
  readonly deadlineAt: number;
  readonly deadlineMs: number;
  resolve(image: ImageLine): Promise<ResolvedSource>;
}

/** Brings every image to every registry, some side by side. One that fails never stops the others. */
export async function sync(
  images: readonly ImageLine[],
  targets: readonly FoundTarget[],
  options: SyncOptions,
  world: World,
): Promise<readonly ImageRecord[]> {
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  const opened = targets.map((found) => ({
    found,
    target: found.kind === "found" ? world.openTarget(found.facts) : undefined,
  }));
  // All registries of an image before the next image: what is first in the list is first everywhere.
  const turns = images.flatMap((image) => opened.map(({ found, target }) => ({ image, found, target })));
  const records = new Map<number, ImageRecord>();
  const known = rememberCompanions(options.resolve);
  await eachSideBySide([...turns.entries()], options.concurrency, async ([index, { image, found, target }]) => {
    const startedAt = world.now();
    let outcome = await settleOne(image, found, target, options, world);
    let companions: ImageRecord["companions"] = NO_COMPANIONS;
    if (target !== undefined && (outcome.kind === "imported" || outcome.kind === "there")) {
      ({ outcome, companions } = await bringCompanions({ image, target, outcome, known }, options, world));
    }
    const finishedAt = world.now();
    records.set(index, { image, registry: found.label, outcome, companions, startedAt, finishedAt });
    progress.say(`${found.label}/${renderTarget(image)}: ${describeOutcome(outcome)}`);
  });
  return [...records].sort(([a], [b]) => a - b).map(([, record]) => record);
}

async function settleOne(
  image: ImageLine,
  found: FoundTarget,
  target: Target | undefined,
  options: SyncOptions,
  world: World,
): Promise<Outcome> {
  const left = (): number => options.deadlineAt - world.monotonic();
  const stopped = (): string | undefined => {
    if (world.cancelled.aborted) return "the job was cancelled";
    return left() > 0 ? undefined : `the deadline of ${renderDuration(options.deadlineMs)} was reached`;
  };
  // First of all: what was cancelled in mid-search was not lost.
  const stop = stopped();
  if (stop !== undefined) return { kind: "not-started", because: stop };
  if (found.kind === "lost" || target === undefined) {
    const error = found.kind === "lost" ? found.error : undefined;
    return { kind: "failed", code: codeOf(error), because: listClauses(error).join(": ") };
  }
  try {
    const resolved = await options.resolve(image);
    return await importOne({ ...options, image, target, resolved, stopped, left }, world);
  } catch (error) {
    if (world.cancelled.aborted) return { kind: "not-started", because: "the job was cancelled" };
    return { kind: "failed", code: codeOf(error), because: listClauses(error).join(": ") };
  }
}
