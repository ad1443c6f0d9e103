import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import { decide } from "../../preview/decide.ts";
import type { Decision } from "../../preview/decision.ts";
import { countAhead, holdsPlace } from "../../preview/queue.ts";
import { decideExpiry } from "../../ttl/lifetime.ts";
import type { JobFacts } from "../job-facts.ts";
import { type About, readAbout } from "./about.ts";
import { gateOutputs } from "./gate-outputs.ts";
import { type Look, look } from "./look.ts";
import { findMark, lookAtLine } from "./look-at-queue.ts";
import type { Command, Inputs } from "./run.ts";
import { bringBack, bringForward } from "./set-end.ts";
import { sweep } from "./sweep.ts";
import { tellDecision } from "./tell-decision.ts";
import type { World } from "./world.ts";

/** A decision that is taken and, as far as tags go, carried out. */
export interface Settled extends Look {
  readonly decision: Decision;
  /** Since when it waits for a place. */
  readonly queuedAt: Date | undefined;
  /** Since when it holds a place, where it is made. */
  readonly startedAt: Date;
  /** When the environment ends now; undefined where nobody knows or nothing stands. */
  readonly expiresAt: Date | undefined;
}

/**
 * The reconciler: from the live pull request and from what stands it decides what should become of the environment,
 * moves the environment's end accordingly, and tells people. Whatever the event, and however often.
 */
export const gate: Command = async (inputs, world) => {
  const job = await world.readJob();
  const about = readAbout(inputs, job, await world.readEvent());
  if (about.pullRequest === undefined) return sweep(inputs, job, world);
  const settled = await settle(about.pullRequest, about, inputs, job, world);
  const commentUrl = await tellDecision(settled, about, inputs, job, world);
  const outputs = gateOutputs(settled, about, commentUrl);
  const failure = settled.decision.code === "unseen" ? (settled.sight.unseen ?? settled.hidden) : undefined;
  return { outputs, failure };
};

/** How often what is being deleted is looked at. */
const LOOK_EVERY_MS = 15_000;
/** An end that is nearer than this may be met by the reaper before ours is written. */
const NEAR_MS = 15 * 60_000;
/** GitHub's API may be that much behind a push; and no other run comes for the newest commit. */
const BEHIND_MS = 5_000;

async function settle(number: number, about: About, inputs: Inputs, job: JobFacts, world: World): Promise<Settled> {
  const startedAt = world.monotonic();
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  let moved = false;
  let doubted = inputs.headSha !== undefined;
  for (;;) {
    const seen = await look(number, about, inputs, job, world);
    const ranked = await rank(seen, about, job, world);
    const decision = decide(ranked.facts);
    const left = startedAt + inputs.deletionWait - world.monotonic();
    if (decision.code === "deleting" && left > 0) {
      progress.say(`${decision.reason} This goes on when it is gone, for ${renderDuration(left)} at most.`);
      await world.sleep(Math.min(left, LOOK_EVERY_MS));
      if (world.cancelled.aborted) throw new UserError("cancelled", "The job was cancelled while it waited.");
      continue;
    }
    if (decision.code === "superseded" && !doubted) {
      doubted = true;
      await world.sleep(BEHIND_MS);
      continue;
    }
    const settled = { ...ranked, decision };
    const expiresAt = await moveEnd(settled, inputs, world);
    // The reaper may have begun in the moment before the end was moved.
    if (!moved && isNear(settled)) {
      moved = true;
      continue;
    }
    return { ...settled, expiresAt };
  }
}

type Ranked = Look & Pick<Settled, "queuedAt" | "startedAt">;

/**
 * Places matter only to what would be made anew. Who was started before counts as if it stood; of two that were started
 * at once each looks again before it deploys, and the later one goes back into the queue.
 */
async function rank(seen: Look, { before }: About, { repository }: JobFacts, world: World): Promise<Ranked> {
  const { facts, sight, state } = seen;
  const { pull, policy, now } = facts;
  if (decide(facts).verdict !== "create") return { ...seen, queuedAt: undefined, startedAt: now };
  // A token that may not read checks is told so when it writes one.
  const own = await findMark(repository, pull.headSha, world).catch(() => undefined);
  const startedAt = own !== undefined && holdsPlace(own, now) ? own.at : undefined;
  const { standing, started, queued } = await lookAtLine(pull.number, { repository, policy, sight }, world);
  const earlier = countAhead(started, { pullRequest: pull.number, at: startedAt ?? now });
  const others = standing.length + (startedAt === undefined ? started.length : earlier);
  if (others < policy.maxPreviews) {
    return { ...seen, facts: { ...facts, others }, queuedAt: undefined, startedAt: startedAt ?? now };
  }
  const pushed = before === undefined ? undefined : await findMark(repository, before, world);
  const since = [own, pushed].flatMap((mark) => (mark?.kind === "queued" ? [mark.at] : []));
  // Nobody waits since tomorrow, whatever a comment says.
  const times = [...since, state.queuedAt, startedAt, now].flatMap((at) => at?.getTime() ?? []);
  const queuedAt = new Date(Math.min(...times));
  const ahead = countAhead(queued, { pullRequest: pull.number, at: queuedAt });
  return { ...seen, facts: { ...facts, others, ahead }, queuedAt, startedAt: now };
}

/** Brings the end back before anything is built, or forward before anything is destroyed. */
async function moveEnd(
  { facts: { environment, now }, decision }: Omit<Settled, "expiresAt">,
  { ttl, maxTtl }: Inputs,
  world: World,
): Promise<Date | undefined> {
  if (decision.verdict === "create" || decision.verdict === "update") {
    const live = environment?.expiresAt;
    const end = decideExpiry({ now, ttl, maxTtl, live, keep: false });
    if (environment === undefined) return end;
    const [fault] = await bringBack(environment, end, world);
    // Whoever cannot keep the reaper away must not deploy.
    if (fault !== undefined) throw fault;
    return end;
  }
  if (decision.verdict === "destroy" && environment !== undefined) {
    const faults = await bringForward(environment, now, world);
    if (faults.length > 0) {
      world.log.warning(
        "The end of a part could not be brought forward: what the teardown leaves stands until its old end.",
        { title: "The reaper comes later" },
      );
    }
    return now;
  }
  return environment?.expiresAt;
}

function isNear({ facts: { environment, now }, decision }: Pick<Settled, "facts" | "decision">): boolean {
  if (decision.verdict !== "update") return false;
  const live = environment?.expiresAt;
  return live === undefined || live.getTime() < now.getTime() + NEAR_MS;
}
