import type { CancelPlan } from "../../test/runner/job.ts";
import { findProgram } from "../tools/find-program.ts";
import type { Act, Scene, Stage, Tool } from "./act.ts";
import { type EnvironmentStory, listEnvironmentFaults } from "./environment-outcome.ts";
import { type EnvironmentCause, runEnvironment } from "./environment-run.ts";
import { AT_WORK, FASTER, FASTER_STILL, WITH_CACHE } from "./environment-sources.ts";
import {
  ADMIN_PASSWORD,
  type EnvironmentTeam,
  nameState,
  openEnvironmentTeam,
  PULL,
  STATES,
  STATES_PART,
} from "./environment-team.ts";
import { SHOP } from "./shop.ts";
import type { Files } from "./shop-sources.ts";
import { listStates, readStates } from "./states.ts";
import { terraform } from "./terraform-tool.ts";
import type { Theatre } from "./theatre.ts";

const git: Tool = {
  name: "git",
  bring: "apt-get install git",
  isThere: () => findProgram("git") !== undefined,
};

/** GitHub's 7.5 and 2.5 seconds made shorter, and a storage that is slower than both together. */
const SIGNALS = { interruptMs: 1_000, terminateMs: 500 };
const SLOW_MS = 2_500;

const MADE = ["database", "queue", "worker[0]", "worker[1]"];
const WITH_HALF_A_CACHE = [...MADE, "cache_rules", "cache"];

/** An act, with how it is played. */
interface Script extends Pick<Act, "name" | "story"> {
  readonly outcome: EnvironmentStory;
  /** Changes what has to change before, and says what makes the run start. */
  begin(team: EnvironmentTeam, theatre: Theatre): EnvironmentCause;
}

/**
 * A pull request's environment, from its plan to the receipt of its end, with the real terraform. Each act goes on with
 * what the one before it left.
 */
export function listEnvironmentActs(theatre: Theatre): readonly Act[] {
  let team: EnvironmentTeam | undefined;
  return [PLANNED_AND_APPLIED, NOTHING_TO_DO, CANCELLED, DESTROYED].map(({ name, story, outcome, begin }) => ({
    name,
    story,
    needs: [terraform, git],
    run: (stage) => {
      team ??= openEnvironmentTeam(theatre);
      return perform(theatre, team, { outcome, cause: begin(team, theatre) }, stage);
    },
  }));
}

async function perform(
  theatre: Theatre,
  team: EnvironmentTeam,
  { outcome, cause }: { readonly outcome: EnvironmentStory; readonly cause: EnvironmentCause },
  stage: Stage,
): Promise<Scene> {
  const { azure } = theatre;
  const before = await readStates(azure.blobs, STATES);
  const from = azure.traffic.requests.length;
  const run = await runEnvironment(theatre, team, cause, stage);
  const requests = azure.traffic.requests.slice(from);
  const after = await readStates(azure.blobs, STATES);
  const comments = team.api.comments(SHOP.name, PULL.number).map(({ body }) => body);
  const faults = listEnvironmentFaults(outcome, {
    ...{ run, requests, before, after, comments },
    key: nameState(PULL.number),
    secret: ADMIN_PASSWORD,
  });
  return { run, part: STATES_PART, before: listStates(before), after: listStates(after), requests, faults };
}

const PLANNED_AND_APPLIED: Script = {
  name: "An environment for a pull request",
  story: `The job Plan says on pull request ${PULL.number} what would come, and the job Apply does exactly that: the plan waits beside the state, and its digest leads to it. A password goes through both, and shows nowhere. The environment is made of terraform_data, terraform's own resource; the state is in a storage account, locked by a lease.`,
  outcome: {
    conclusion: "success",
    outputs: {
      Plan: { "has-changes": "true", add: String(MADE.length), change: "0", destroy: "0" },
      Apply: { add: String(MADE.length), url: `https://pr-${PULL.number}.preview.example.com`, "failure-reason": "" },
    },
    holds: address(MADE),
    says: /^### ✅ `pr-8` apply: 4 added, 0 changed, 0 destroyed/,
  },
  begin: ({ repository }) => push(repository, 21, FASTER),
};

const NOTHING_TO_DO: Script = {
  name: "The same again",
  story:
    "The next push changes the shop and not its environment. The plan says so, nothing is applied, and the comment on the pull request stays one comment.",
  outcome: {
    conclusion: "success",
    outputs: {
      Plan: { "has-changes": "false", add: "0" },
      Apply: { "has-changes": "false", add: "0", url: `https://pr-${PULL.number}.preview.example.com` },
    },
    holds: address(MADE),
    says: /^### ✅ `pr-8` apply: nothing to change/,
  },
  begin: ({ repository }) => push(repository, 22, FASTER_STILL),
};

const CANCELLED: Script = {
  name: "Somebody cancels in the middle of an apply",
  story:
    "A push adds a cache that takes long to fill, and somebody does not want to wait. GitHub sends SIGINT and SIGTERM and then kills the action (after 1.5 seconds here, in place of ten), and the storage takes longer than that for the state. terraform is a process of its own: it stops, and stores what is done. The post stage waits for it, makes sure that nobody holds the lock, and tells the pull request.",
  outcome: {
    conclusion: "cancelled",
    outputs: { Plan: { add: "3" } },
    holds: address(WITH_HALF_A_CACHE),
    says: /^### 🛑 `pr-8` apply cancelled, 1 of 3 changes done/,
    killed: "Apply",
  },
  begin: ({ repository }, { azure }) => {
    const path = new RegExp(`/${STATES.container}/${nameState(PULL.number)}$`);
    azure.faults.add(
      { name: "slow storage", when: { method: "PUT", path, query: /^$/ }, times: 1 },
      { kind: "slow", milliseconds: SLOW_MS },
    );
    const when: CancelPlan["when"] = ({ last }) => last.text.endsWith(`: ${AT_WORK}`);
    return { ...push(repository, 23, WITH_CACHE), cancel: { when, signals: SIGNALS } };
  },
};

const DESTROYED: Script = {
  name: "The pull request is closed",
  story: `Everything that its environment's state knows is destroyed, what the cancelled run made among it: main has never heard of a cache. The state goes last. The receipt counts what is gone, and the state of pull request ${PULL.number}1, whose number only begins alike, stays.`,
  outcome: {
    conclusion: "success",
    outputs: { Destroy: { destroy: String(WITH_HALF_A_CACHE.length), "failure-reason": "" } },
    holds: undefined,
    says: /^### 🧹 `pr-8` destroyed: 6 resources/,
  },
  begin: ({ repository }) => {
    const commit = repository.go(PULL.branch);
    return { number: 5, workflow: "remove-environment", commit, checkedOut: repository.go("main") };
  },
};

function address(names: readonly string[]): readonly string[] {
  return names.map((name) => `terraform_data.${name}`);
}

/** A commit on the pull request's branch, and GitHub's merge of it into main. */
function push(repository: EnvironmentTeam["repository"], number: number, files: Files): EnvironmentCause {
  repository.go(PULL.branch);
  const commit = repository.commit(PULL.title, files);
  return { number, workflow: "environment", commit, checkedOut: repository.merge(PULL.branch) };
}
