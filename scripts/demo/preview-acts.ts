import type { Act, Scene, Stage } from "./act.ts";
import { listPodNeeds } from "./cluster-tools.ts";
import type { Company } from "./deploy-company.ts";
import { leaveForgotten } from "./preview-forgotten.ts";
import { listPreviewFaults, type PreviewStory } from "./preview-outcome.ts";
import { runPreview, runSweep } from "./preview-run.ts";
import { type Change, nameAddress, nameSpace, openPreviewTeam, type PreviewTeam } from "./preview-team.ts";
import { askHeading, listPreviews, PREVIEWS, readPreviews } from "./previews.ts";
import type { RunRecord } from "./run-record.ts";
import { SHOP } from "./shop.ts";
import type { Theatre } from "./theatre.ts";

/** What the acts about previews share, and the pull request that all but one are about. */
interface Cast {
  readonly theatre: Theatre;
  readonly team: PreviewTeam;
  readonly change: Change;
}

/** An act, with how it is played. */
interface Script extends Pick<Act, "name" | "story"> {
  /** Number of the pull request that it is about. */
  readonly pull: number;
  readonly outcome: PreviewStory;
  /** What people do before. */
  prepare?(cast: Cast): Promise<void> | void;
  play(cast: Cast, stage: Stage): Promise<RunRecord>;
}

/**
 * A pull request's life, from its first commit to the proof that nothing is left of it, by the two files that a team
 * copies. Each act goes on with what the one before it left.
 */
export function listPreviewActs(theatre: Theatre, openCompany: () => Promise<Company>): readonly Act[] {
  let cast: Cast | undefined;
  const open = async (): Promise<Cast> => {
    const team = await openPreviewTeam(theatre, await openCompany());
    return { theatre, team, change: team.open(PULL.number, PULL.title, PULL.heading) };
  };
  return [OPENED, EXTENDED, MERGED, FORGOTTEN].map((script) => ({
    name: script.name,
    story: script.story,
    needs: listPodNeeds(),
    run: async (stage) => {
      cast ??= await open();
      return perform(cast, script, stage);
    },
  }));
}

async function perform(cast: Cast, { pull, outcome, prepare, play }: Script, stage: Stage): Promise<Scene> {
  const { azure, proxy } = cast.theatre;
  const { cluster } = cast.team.team;
  const { requests } = azure.traffic;
  await prepare?.(cast);
  const before = await readPreviews(cluster);
  const from = requests.length;
  const run = await play(cast, stage);
  const seen = { run, requests: requests.slice(from) };
  const [after, heading, registry] = await Promise.all([
    readPreviews(cluster),
    askHeading(proxy.url, nameAddress(pull)),
    cast.team.shop.registry.contents(),
  ]);
  const tags = Object.values(registry).flatMap((image) => Object.keys(image.tags));
  const own = new RegExp(`^pr-${pull}(?:-|$)`);
  const comments = azure.githubApi.comments(SHOP.name, pull).filter(({ author }) => author === "github-actions[bot]");
  const faults = listPreviewFaults(outcome, {
    ...{ ...seen, before, after, heading, namespace: nameSpace(pull) },
    comments: comments.map(({ body }) => body),
    tags: tags.filter((tag) => own.test(tag)),
  });
  return { ...seen, part: PREVIEWS, before: listPreviews(before), after: listPreviews(after), faults };
}

const PULL = { number: 9, title: "Say that we sell tables, too", heading: "Lamps, chairs and tables" } as const;
const FORGOTTEN_PULL = 10;
/** The Deployments of the chart, with one pod each. */
const PODS = 2;
/** The comment of one that is there: its address is the heading. */
const AT_ADDRESS = /^## 🟢 \[demo/m;

const OPENED: Script = {
  name: "A pull request gets its environment",
  story: `Pull request ${PULL.number} changes the shop's heading. The gate finds that it should have an environment, and has none. Its image of web is built; then it gets a namespace with an end, a release of two real pods, and a load balancer with a name in Azure's DNS. The smoke test asks that address, and only then anybody is told of it: in one comment, a deployment and a check.`,
  pull: PULL.number,
  outcome: {
    conclusion: "success",
    jobs: [
      ...["preview / Gate", "preview / Images / List", "preview / Images / Build api", "preview / Images / Build web"],
      ...["preview / Images / Images", "preview / Deploy"],
    ],
    says: AT_ADDRESS,
    posts: ["check neutral", "check neutral", "deployment created", "deployment success", "check success"],
    pods: PODS,
    heading: PULL.heading,
  },
  play: ({ theatre, team, change }, stage) =>
    runPreview(theatre, team, { number: 1, change, event: "pull_request" }, stage),
};

const EXTENDED: Script = {
  name: "Somebody needs it for longer",
  story:
    "It would live for eight hours. Somebody with write access writes /extend 24h: GitHub is asked who that is, the comment gets its eyes, and the end moves, in the cluster and in the comment above. Nothing is deployed.",
  pull: PULL.number,
  outcome: {
    conclusion: "success",
    jobs: ["command / Read", "command / Extend"],
    says: AT_ADDRESS,
    posts: ["reaction eyes"],
    pods: PODS,
    heading: PULL.heading,
    // From eight hours after the deployment to a day after the comment.
    later: [16, 17],
  },
  play: ({ theatre, team, change }, stage) =>
    runPreview(theatre, team, { number: 1, change, event: "issue_comment", comment: "/extend 24h" }, stage),
};

const MERGED: Script = {
  name: "It is merged, and nothing is left",
  story:
    "The release is uninstalled, the namespace goes, the tags of the pull request go with their images, and the deployment too. Then Azure and the cluster are asked for anything that has its marks: the comment gets the receipt only since neither has.",
  pull: PULL.number,
  outcome: {
    conclusion: "success",
    jobs: ["teardown / Gate", `teardown / Teardown pr-${PULL.number}`, "teardown / Next in the queue"],
    says: /is gone\n[\s\S]*✅ ARM lists no [\s\S]*✅ The cluster has no namespace/,
    posts: ["check neutral", "check neutral", "deployment inactive", "deployment deleted"],
    pods: 0,
    heading: undefined,
  },
  prepare: ({ change }) => void change.pull.merge(),
  play: ({ theatre, team, change }, stage) =>
    runPreview(theatre, team, { number: 2, change, event: "pull_request_target" }, stage),
};

const FORGOTTEN: Script = {
  name: "The one that everybody forgot",
  story: `Pull request ${FORGOTTEN_PULL} was closed while the workflows of the shop were switched off: no event has told of it, and its preview still runs. Its end passed in the night. The platform team's cleanup knows neither the pull request nor the shop. It reads the marks of the namespace, looks at them once more, and takes it away.`,
  pull: FORGOTTEN_PULL,
  outcome: {
    conclusion: "success",
    jobs: ["Scope", "Reap", "Reap namespaces"],
    posts: [],
    pods: 0,
    heading: undefined,
  },
  prepare: ({ theatre, team }) => leaveForgotten(theatre, team, FORGOTTEN_PULL),
  play: ({ theatre, team }, stage) => runSweep(theatre, team, 44, stage),
};
