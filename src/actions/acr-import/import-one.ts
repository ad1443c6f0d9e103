import { codeOf, listClauses } from "../../kit/error-chain.ts";
import { decideMove, decideStep, type Mode, type Standing, type Step } from "./decide-step.ts";
import { explainFault } from "./explain-fault.ts";
import { type Followed, followImport, type Patience } from "./follow-import.ts";
import type { Outcome } from "./outcome.ts";
import type { ImageLine } from "./parse-images.ts";
import type { ResolvedSource } from "./resolve-source.ts";
import type { Target, World } from "./world.ts";

const TRIES = 4;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** Before each look at what ARM says that it copied: the registry may show it a little later. */
const PROOF_PAUSES_MS = [0, 1_000, 3_000, 8_000];

/** One image and one registry. */
export interface Turn extends Patience {
  readonly image: ImageLine;
  readonly target: Target;
  readonly resolved: ResolvedSource;
  readonly mode: Mode;
  readonly dryRun: boolean;
  readonly clientId: string;
}

/**
 * Copies one image into one registry, unless it is there, and proves that it arrived.
 *
 * Every try begins with a look at the target, so a second one never does what the first has done already.
 */
export async function importOne(turn: Turn, world: World): Promise<Outcome> {
  const so: SoFar = { heard: false, lost: false, broken: false, because: "", waitMs: 0 };
  try {
    for (let tried = 0; tried < TRIES; tried += 1) {
      await world.sleep(Math.max(0, Math.min(so.waitMs, turn.left())));
      const stop = turn.stopped();
      if (stop !== undefined) return leave(stop, so);
      so.waitMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried);
      const outcome = await takeStep(turn, so, world);
      if (outcome !== undefined) return outcome;
    }
    return { kind: "failed", code: "import-failed", because: `${so.because} (tried ${TRIES} times)` };
  } catch (error) {
    if (world.cancelled.aborted) return leave("the job was cancelled", so);
    const asked = so.heard ? "An import was asked for, and ARM may be at it; then: " : "";
    return { kind: "failed", code: codeOf(error), because: asked + listClauses(error).join(": ") };
  }
}

/** What the tries of one turn have come to. */
interface SoFar {
  /** ARM may be at an import of ours. */
  heard: boolean;
  /** One of them may have been carried out, and nobody saw it. */
  lost: boolean;
  /** The tag is said to exist, and nothing is there. */
  broken: boolean;
  /** Why another try is needed. */
  because: string;
  waitMs: number;
}

function leave(because: string, { heard }: SoFar): Outcome {
  return heard ? { kind: "unfinished", because } : { kind: "not-started", because };
}

/** One look, and one import when that is what the look says; undefined when another try is needed. */
async function takeStep(turn: Turn, so: SoFar, world: World): Promise<Outcome | undefined> {
  const step = await findStep(turn, so.broken);
  if (step.kind === "end") {
    // Nobody answered, and yet it was done.
    if (so.lost && step.outcome.kind === "there") return { ...step.outcome, kind: "imported", replaced: undefined };
    return step.outcome;
  }
  if (step.kind !== "import") {
    so.because = step.kind === "again" ? step.because : "the lock of the tag could not be told";
    return undefined;
  }
  const { digest } = turn.resolved;
  if (turn.dryRun) return { kind: "would-import", digest, replaced: step.replaced };
  const stop = turn.stopped();
  if (stop !== undefined) return leave(stop, so);
  const end = await askForImport(turn, step.force, so, world);
  return settle(end, step.replaced, turn, so, world);
}

async function findStep({ target, image, resolved, mode }: Turn, broken: boolean): Promise<Step> {
  const { name, tag } = image.to;
  const found = await target.registry.findManifest(name, tag ?? resolved.digest);
  const standing: Standing = { wanted: resolved.digest, standing: found?.digest, mode, broken };
  const step = decideStep(standing);
  if (step.kind !== "look-at-lock") return step;
  const [repository, tags = [], manifests = []] = await Promise.all([
    target.metadata.findLocks(name),
    target.metadata.listTags(name),
    target.metadata.listManifests(name),
  ]);
  const kept = {
    repository,
    tag: tags.find((one) => one.name === tag),
    manifest: manifests.find((one) => one.digest === found?.digest),
  };
  return decideMove(standing, kept);
}

async function askForImport(turn: Turn, force: boolean, so: SoFar, world: World): Promise<Followed> {
  const { image, resolved, target } = turn;
  const { access, digest } = resolved;
  const order = { source: access, name: image.from.name, digest, to: image.to, force };
  so.heard = true;
  return followImport(await world.imports.start(target.facts.id, order), turn, world);
}

async function settle(
  end: Followed,
  replaced: string | undefined,
  turn: Turn,
  so: SoFar,
  world: World,
): Promise<Outcome | undefined> {
  const { digest, access } = turn.resolved;
  switch (end.kind) {
    case "left":
      return { kind: "unfinished", because: end.because };
    case "unanswered":
      so.lost = true;
      so.because = end.because;
      return undefined;
    case "again":
      so.heard = so.lost;
      so.because = end.because;
      so.waitMs = Math.max(so.waitMs, end.retryAfterMs ?? 0);
      return undefined;
    case "failed": {
      so.heard = so.lost;
      const meaning = explainFault(end, { access, targetId: turn.target.facts.id, clientId: turn.clientId });
      if (meaning.kind === "final") return { kind: "failed", code: meaning.code, because: meaning.because };
      so.because = meaning.kind === "again" ? meaning.because : "ARM says that the tag exists, and nothing is there";
      if (meaning.kind === "conflict") [so.broken, so.waitMs] = [true, 0];
      return undefined;
    }
    case "done": {
      const proof = await prove(turn, world);
      if (proof === "there") return { kind: "imported", digest, replaced };
      if (proof === "stopped") return { kind: "unfinished", because: "ARM is done, and nobody looked at the target" };
      if (proof !== undefined) {
        const because = `ARM says that it copied ${digest}, and the target has ${proof} there`;
        return { kind: "failed", code: "import-not-verified", because };
      }
      so.lost = true;
      so.broken = true;
      so.because = `ARM says that it copied ${digest}, and the target does not have it`;
      return undefined;
    }
  }
}

/** `there` when the target answers with the source's digest, another digest when it has that, undefined for nothing. */
async function prove({ image, target, resolved, stopped, left }: Turn, world: World): Promise<string | undefined> {
  for (const pauseMs of PROOF_PAUSES_MS) {
    await world.sleep(Math.max(0, Math.min(pauseMs, left())));
    if (world.cancelled.aborted || (pauseMs > 0 && stopped() !== undefined)) return "stopped";
    const found = await target.registry.findManifest(image.to.name, image.to.tag ?? resolved.digest);
    if (found !== undefined) return found.digest === resolved.digest ? "there" : found.digest;
  }
  return undefined;
}
