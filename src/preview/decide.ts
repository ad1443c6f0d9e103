import { type Cause, sameLabel } from "./cause.ts";
import type { Decision, DecisionCode, Verdict } from "./decision.ts";
import type { Environment } from "./environment.ts";
import { isForeign, type PullRequest } from "./pull-request.ts";

/** What consumers choose. */
export interface PreviewPolicy {
  /** Only pull requests with this label get an environment. */
  readonly label: string | undefined;
  readonly drafts: boolean;
  readonly maxPreviews: number;
}

/** All that a decision is made from. */
export interface PreviewFacts {
  /** `owner/name`. */
  readonly repository: string;
  /** As it is now. */
  readonly pull: PullRequest;
  /** What stands of its environment; undefined where nothing does, as far as anybody could see. */
  readonly environment: Environment | undefined;
  /** Whether everything that could hold a part of it was seen. */
  readonly seen: boolean;
  /** Whether the comment notes a namespace in a cluster that nobody here may look into: a hint that stops an end. */
  readonly hidden: boolean;
  /** Whether a part of it says `auto-destroy=false`: nothing may end it but a person. */
  readonly pinned: boolean;
  readonly cause: Cause;
  /** The commit that this run is about; undefined where it is about the newest. */
  readonly headSha: string | undefined;
  /** The commit that somebody with write access has approved. */
  readonly approvedSha: string | undefined;
  /** When a person asked for the environment's end, as the comment has it: a hint. */
  readonly destroyAskedAt: Date | undefined;
  /** When a person wished for it (again) last, as the comment has it: a hint. */
  readonly wantedAt: Date | undefined;
  /** When that was wished for that this run is about; undefined where it is wished for now. */
  readonly wishedAt: Date | undefined;
  /** Whether the comment says that it is being deployed just now: a hint, as nothing may stand yet. */
  readonly deploying: boolean;
  /** Environments of other pull requests, those that were just started included. */
  readonly others: number;
  /** Pull requests that wait before this one. */
  readonly ahead: number;
  readonly policy: PreviewPolicy;
  readonly now: Date;
}

/**
 * What should become of a pull request's environment now, and why. The live pull request and what stands decide; the
 * comment only holds things back, or lets something end of which tags and comment say so alike.
 *
 * The same facts always come to the same: a run that is started again, late or twice does no harm.
 */
export function decide(facts: PreviewFacts): Decision {
  return decideEnd(facts) ?? decideRest(facts) ?? decideStart(facts);
}

/** Causes by which a person wants it (back). */
const WANTED_BACK: ReadonlySet<Cause> = new Set<Cause>(["asked-deploy", "reopened", "labelled"]);

/** A run that has waited may be about a wish that somebody has taken back since. */
function isWantedBack({ cause, destroyAskedAt, wishedAt, now }: PreviewFacts): boolean {
  const asked = destroyAskedAt !== undefined && destroyAskedAt <= now ? destroyAskedAt : undefined;
  const takenBack = asked !== undefined && wishedAt !== undefined && asked > wishedAt;
  return WANTED_BACK.has(cause) && !takenBack;
}

/** The same the other way round: an end that waits for its turn may be asked for by nobody any more. */
function isEndAsked({ cause, wantedAt, wishedAt, now }: PreviewFacts): boolean {
  const wanted = wantedAt !== undefined && wantedAt <= now ? wantedAt : undefined;
  const takenBack = wanted !== undefined && wishedAt !== undefined && wanted > wishedAt;
  return cause === "asked-destroy" && !takenBack;
}

/** What has to end, or would have to if it stood. */
function decideEnd(facts: PreviewFacts): Decision | undefined {
  const { environment, seen, policy, cause } = facts;
  const end = findEnd(facts);
  if (end === undefined) return undefined;
  const [code, because] = end;
  if (code === "label-missing" && cause === "asked-deploy") {
    return say("keep", code, `It has not the label "${policy.label}", so an environment would not last.`);
  }
  if (!seen || facts.hidden)
    return say("keep", "unseen", `${because}, but not all of its environment could be seen: nothing is deleted.`);
  // A deployment that has just begun is waited for by the teardown, in its turn.
  if (environment === undefined && !facts.deploying) {
    if (code === "label-missing") return say("keep", code, `It has not the label "${policy.label}".`);
    return say("keep", "nothing-there", `${because}, and nothing of its environment stands.`);
  }
  if (environment !== undefined && facts.pinned && !isEndAsked(facts)) {
    return say(
      "keep",
      "pinned",
      `${because}, but its environment says auto-destroy=false: it stays until a person destroys it.`,
    );
  }
  return say("destroy", code, `${because}.`);
}

function findEnd(facts: PreviewFacts): readonly [DecisionCode, string] | undefined {
  const { pull, policy, destroyAskedAt, environment, now } = facts;
  if (pull.state === "closed")
    return ["closed", pull.merged ? "The pull request was merged" : "The pull request was closed"];
  if (isEndAsked(facts)) return ["asked", "Somebody asked for its end"];
  const { label } = policy;
  if (label !== undefined && !pull.labels.some((one) => sameLabel(one, label))) {
    return ["label-missing", `The label "${label}" is not there any more`];
  }
  const ended = environment?.expiresAt !== undefined && environment.expiresAt <= now;
  if (destroyAskedAt !== undefined && ended && !isWantedBack(facts)) {
    return ["asked", "Somebody asked for its end, and a part of it still stands"];
  }
  return undefined;
}

/** What is left as it is. */
function decideRest(facts: PreviewFacts): Decision | undefined {
  const { cause, pull, headSha, environment } = facts;
  if (cause === "asked-destroy") {
    return say("keep", "wanted-again", "Its end was asked for, and after that somebody asked for it again.");
  }
  if (cause === "ended" || cause === "other") {
    const current = environment !== undefined && isSame(environment.headSha, pull.headSha);
    return current
      ? say("keep", "up-to-date", "Its environment has the newest commit.")
      : say("keep", "not-about-previews", "This run is not there to deploy anything.");
  }
  if (headSha !== undefined && !isSame(headSha, pull.headSha)) {
    return say(
      "keep",
      "superseded",
      `The pull request has moved on to ${short(pull.headSha)}: the run of that commit goes on.`,
    );
  }
  if (pull.draft && !facts.policy.drafts && cause !== "asked-deploy") {
    return say("keep", "draft", "Drafts get no environment; it comes when the pull request is ready for review.");
  }
  if (facts.destroyAskedAt !== undefined && !isWantedBack(facts)) {
    return say("keep", "destroyed-on-demand", "Somebody asked for its end; /preview brings it back.");
  }
  return decideTrust(facts);
}

/** Nothing of somebody else's is deployed but the very commit that was looked at. */
function decideTrust({ pull, repository, approvedSha }: PreviewFacts): Decision | undefined {
  const approved = approvedSha !== undefined && isSame(approvedSha, pull.headSha);
  if (approved || (approvedSha === undefined && !isForeign(pull, repository))) return undefined;
  const wanted = `/preview ${pull.headSha} is needed, by somebody with write access who has looked at it`;
  if (approvedSha === undefined) return say("wait", "foreign", `It waits for approval: ${wanted}.`);
  return say(
    "wait",
    "foreign",
    `Approved was ${short(approvedSha)}, and the pull request is at ${short(pull.headSha)}: ${wanted}.`,
  );
}

function decideStart(facts: PreviewFacts): Decision {
  const { environment, seen, cause, pull, policy, others, ahead } = facts;
  if (!seen) return say("keep", "unseen", "Nobody could see what stands of its environment: nothing is changed.");
  if (environment?.deleting === true)
    return say("wait", "deleting", "What stands of its environment is being deleted.");
  if (environment !== undefined) {
    const current = isSame(environment.headSha, pull.headSha);
    if (current && (cause === "labelled" || cause === "ready")) {
      return say("keep", "up-to-date", "Its environment has the newest commit.");
    }
    if (cause === "asked-deploy") return say("update", "asked", "Somebody asked for it.");
    return say("update", "new-head", current ? "It is deployed anew." : `It is brought to ${short(pull.headSha)}.`);
  }
  if (others >= policy.maxPreviews) {
    const position = ahead + 1;
    const text = `${others} of ${policy.maxPreviews} places are taken: it is queued, position ${position}.`;
    return { ...say("wait", "queued", text), position };
  }
  if (cause === "asked-deploy") return say("create", "asked", "Somebody asked for it.");
  return say("create", "new", "It gets an environment.");
}

function say(verdict: Verdict, code: DecisionCode, reason: string): Decision {
  return { verdict, code, reason };
}

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
