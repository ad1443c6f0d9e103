import { listClauses } from "../../kit/error-chain.ts";
import { COMMENT_BUDGET } from "../../kit/markdown.ts";
import type { UserError } from "../../kit/user-error.ts";
import type { CommentState } from "../../preview/comment-state.ts";
import { renderState } from "../../preview/comment-state.ts";
import type { Decision } from "../../preview/decision.ts";
import { findNextSweep } from "../../preview/next-sweep.ts";
import { environmentOf, isForeign } from "../../preview/pull-request.ts";
import { beginStory, markerOf, type PreviewPhase, type StoryCause, type StoryReceipt } from "../../preview/story.ts";
import type { JobFacts } from "../job-facts.ts";
import { words } from "../render-text.ts";
import type { About } from "./about.ts";
import type { Settled } from "./gate.ts";
import { redactStory } from "./redact-story.ts";
import { renderComment } from "./render-comment.ts";
import type { Inputs } from "./run.ts";
import type { World } from "./world.ts";
import { writeCheck } from "./write-check.ts";

/**
 * Tells people what was decided: in the comment where something changes or somebody asked, in a neutral check where
 * nothing is deployed, and on the run's page. What cannot be told changes no decision. Returns the comment's address.
 */
export async function tellDecision(
  settled: Settled,
  about: About,
  inputs: Inputs,
  job: JobFacts,
  world: World,
): Promise<string | undefined> {
  const { decision, facts } = settled;
  const { pull, repository } = facts;
  world.log.info(`${environmentOf(pull.number)}: ${decision.verdict}. ${decision.reason}`);
  const what = `**${environmentOf(pull.number)}: ${decision.verdict}** (${decision.code}). ${words(decision.reason)}\n`;
  await world.summarize(what);
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const text = `${what} could not be written: ${listClauses(error).join(": ")}`;
      // A fork's runs have a token that only reads; the run's page has told it.
      if (isForeign(pull, repository)) world.log.notice(text);
      else world.log.warning(text, { title: "Preview" });
      return undefined;
    }
  };
  const url = isTold(settled, about)
    ? await attempt("The comment", () => writeComment(settled, about, inputs, job, world))
    : undefined;
  await attempt("The check", () => writeCheck(settled, about, job, url, world));
  return url;
}

/** What a comment does not stay at. */
const UNFINISHED: ReadonlySet<string> = new Set<PreviewPhase>(["deploying", "destroying", "not-gone"]);

/** Who changes nothing, and was not asked, writes nothing. */
function isTold({ decision: { verdict, code }, sight, state }: Settled, about: About): boolean {
  const { cause } = about;
  if (verdict !== "keep") return true;
  // Of what goes on, the run that does it tells; but it knows nothing of a wish that came before its push.
  if (code === "superseded") return takesBack(about, state);
  if (code === "wanted-again") return false;
  if (code === "unseen" && sight.unseen === undefined) return true;
  // A run that was to tell of the end was lost, or there was nothing to do for it.
  if (code === "nothing-there" && UNFINISHED.has(state.phase ?? "")) return true;
  return code === "pinned" || cause === "asked-deploy" || cause === "asked-destroy";
}

async function writeComment(settled: Settled, about: About, inputs: Inputs, job: JobFacts, world: World) {
  const { decision, facts, expiresAt, hidden } = settled;
  const { pull, environment, repository, now } = facts;
  const name = environmentOf(pull.number);
  const next = nextState(settled, about);
  const story = beginStory({
    phase: next.phase,
    now,
    repository,
    serverUrl: job.environment["GITHUB_SERVER_URL"] ?? "https://github.com",
    pullRequest: pull.number,
    environment: name,
    headSha: pull.headSha,
    url: environment === undefined ? "" : (next.url ?? ""),
    reason: decision.reason,
    position: decision.position,
    expiresAt: environment === undefined && decision.verdict !== "create" ? undefined : expiresAt,
    sweep: expiresAt === undefined ? undefined : readSweep(inputs.cleanupSchedule, expiresAt),
    notes: listNotes(decision),
    // Of what is closed nothing can be deployed; what is pinned can still be destroyed.
    commands: pull.state === "open" || decision.code === "pinned",
    cause: next.phase === "not-gone" ? causeOf(hidden) : undefined,
    receipt: decision.code === "nothing-there" ? proveNothing(world) : undefined,
    runUrl: job.runUrl,
    state: renderState(next),
  });
  const comment = { repository, issue: pull.number, marker: markerOf(name) };
  return world.github.comments.write({
    ...comment,
    body: world.redact(renderComment(redactStory(story, world.redact), COMMENT_BUDGET)),
  });
}

/** Whether a teardown may start runs again, is its caller's choice, and not known here. */
const HOW_IT_STARTS =
  "It starts by itself when a place is free and the workflow of teardowns has the permission actions: write; without, the next push, label or /preview starts it.";

function listNotes({ code }: Decision): readonly string[] {
  if (code === "queued") return [HOW_IT_STARTS];
  if (code === "deleting") return [HOW_IT_GOES_ON];
  return [];
}

const HOW_IT_GOES_ON =
  "It goes on by itself when that is gone: the next run of the workflow of teardowns, which its schedule starts too, starts it, where it has the permission actions: write; without, the next push, label or /preview does.";

/** Only what was looked at is called gone. */
function proveNothing({ namespaces }: Pick<World, "namespaces">): StoryReceipt {
  const parts = namespaces === undefined ? "No resource group carries" : "No resource group and no namespace carries";
  return { done: [], proofs: [`${parts} the environment's tags.`], standing: [] };
}

/** What nobody could look at stands, as far as anybody knows. */
function causeOf(hidden: UserError | undefined): StoryCause | undefined {
  if (hidden === undefined) return undefined;
  return { code: hidden.code, text: hidden.message, step: "", todo: [], log: undefined };
}

function phaseOf({ verdict, code }: Decision, { hidden, sight }: Pick<Settled, "hidden" | "sight">): PreviewPhase {
  if (verdict === "create" || verdict === "update") return "deploying";
  if (verdict === "destroy") return "destroying";
  if (verdict === "wait") return code === "foreign" ? "waiting" : "queued";
  if (code === "unseen" && sight.unseen === undefined && hidden !== undefined) return "not-gone";
  return code === "nothing-there" ? "destroyed" : "kept";
}

/** Whether a person wants again what a person wanted to end before. */
function takesBack({ cause, wishedAt }: About, { destroyAskedAt }: CommentState): boolean {
  const wanted = cause === "asked-deploy" || cause === "reopened" ? wishedAt : undefined;
  return wanted !== undefined && destroyAskedAt !== undefined && wanted > destroyAskedAt;
}

/** A state with a phase. */
type NextState = CommentState & { readonly phase: PreviewPhase };

function nextState(settled: Settled, about: About): NextState {
  const { cause, wishedAt } = about;
  const { decision, facts, state, queuedAt, expiresAt } = settled;
  const asked = cause === "asked-destroy" ? (wishedAt ?? facts.now) : undefined;
  const wanted = cause === "asked-deploy" || cause === "reopened" ? (wishedAt ?? facts.now) : undefined;
  const gone = decision.code === "nothing-there";
  const begun = decision.verdict === "create" || decision.verdict === "update";
  const takenBack = decision.code === "superseded" && takesBack(about, state);
  return {
    phase: phaseOf(decision, settled),
    headSha: facts.pull.headSha,
    url: facts.environment === undefined ? undefined : state.url,
    expiresAt,
    queuedAt: decision.code === "queued" ? queuedAt : undefined,
    destroyAskedAt: begun || takenBack ? undefined : latestOf(asked, state.destroyAskedAt),
    wantedAt: latestOf(wanted, state.wantedAt),
    cluster: gone ? undefined : state.cluster,
    namespace: gone ? undefined : state.namespace,
  };
}

/** Of two that asked for the same, whichever run came first. */
function latestOf(one: Date | undefined, other: Date | undefined): Date | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}

/** A schedule that cannot be read is the report's to refuse. */
function readSweep(schedule: string, from: Date) {
  try {
    return findNextSweep(schedule, from);
  } catch {
    return undefined;
  }
}
