import type { Act, Scene, Stage } from "./act.ts";
import { listPodNeeds } from "./cluster-tools.ts";
import type { Company } from "./deploy-company.ts";
import { type DeployStory, listDeployFaults } from "./deploy-outcome.ts";
import { NAMESPACE } from "./deploy-team.ts";
import { listRunning, podsPart, readRunning } from "./pods.ts";
import { LOGIN_SERVER } from "./shop.ts";
import { runTeamWorkflow, type TeamCause } from "./team-run.ts";
import type { Theatre } from "./theatre.ts";

/** Replicas of each app in the chart's values. */
const REPLICAS = 2;
const WRONG = "1.4.1";

/** What a build handed on, by the image's name. */
type Images = Readonly<Record<string, { readonly repository: string; readonly digest: string }>>;

/** An act, with how it is played. */
interface Script extends Pick<Act, "name" | "story"> {
  readonly number: number;
  readonly title: string;
  readonly set: readonly string[];
  outcome(images: Images): DeployStory;
}

/** From the images that earlier acts built to pods of a real Kubernetes, and back from a typo. */
export function listDeployActs(theatre: Theatre, openCompany: () => Promise<Company>): readonly Act[] {
  return [INTO_PODS, WRONG_TAG, WRONG_FOLDER].map((script) => ({
    name: script.name,
    story: script.story,
    needs: listPodNeeds(),
    run: async (stage) => perform(theatre, await openCompany(), script, stage),
  }));
}

async function perform(theatre: Theatre, company: Company, script: Script, stage: Stage): Promise<Scene> {
  const { shop, team, commit } = company;
  const { number, title, set, outcome } = script;
  const images = shop.handedOn.get("main");
  if (images === undefined) throw new Error("No build of main has handed on its images");
  const { requests } = theatre.azure.traffic;
  const before = await readRunning(team.cluster, NAMESPACE);
  const from = requests.length;
  const values = set.join("\n");
  const cause: TeamCause = {
    ...{ workflow: "deploy", event: "workflow_dispatch", number, title, commit },
    inputs: { images, "set-json": values },
    shown: values === "" ? {} : { "set-json": values },
  };
  const run = await runTeamWorkflow(theatre, { shop, team }, cause, stage);
  const after = await readRunning(team.cluster, NAMESPACE);
  const seen = { run, requests: requests.slice(from) };
  const faults = listDeployFaults(outcome(JSON.parse(images) as Images), { ...seen, before, after });
  return { ...seen, part: podsPart(NAMESPACE), before: listRunning(before), after: listRunning(after), faults };
}

/** Both apps as they were built. */
function asBuilt(images: Images): DeployStory["apps"] {
  return Object.fromEntries(
    Object.entries(images).map(([name, { repository, digest }]) => [
      name,
      { count: REPLICAS, image: `${repository}@${digest}` },
    ]),
  );
}

const INTO_PODS: Script = {
  name: "From images to pods",
  story:
    "The two images that the build of main handed on go into a cluster, by their digests. Azure is emulated, and the Kubernetes behind it is real: the kubeconfig's credential comes from the job's ID token, the node pulls with the identity that the cluster has in Azure, helm waits, and the Service answers in the end.",
  number: 3,
  title: "Deploy main",
  set: [],
  outcome: (images) => ({
    conclusion: "success",
    outputs: { status: "deployed", revision: "1", "cause-code": "", "error-code": "" },
    revisions: ["1 deployed"],
    apps: asBuilt(images),
    samePods: false,
  }),
};

const WRONG_TAG: Script = {
  name: "A tag that is not there",
  story: `Somebody wants release 1.4.0 of web back, and types ${WRONG}. Before anything is changed, each image is looked up in its registry: the run ends red, and nothing has happened in the cluster.`,
  number: 4,
  title: `web ${WRONG}`,
  set: [`apps.web.image.tag="${WRONG}"`, 'apps.web.image.digest=""'],
  outcome: (images) => ({
    conclusion: "failure",
    outputs: { "error-code": "image-missing", "cause-code": "", "rolled-back-to": "" },
    revisions: ["1 deployed"],
    apps: asBuilt(images),
    samePods: true,
    says: new RegExp(`^Nothing was changed\\.\nDeployment/shop-web: ${LOGIN_SERVER}/shop/web:${WRONG} is not in`),
  }),
};

const WRONG_FOLDER: Script = {
  name: "A typo that only a pod can show",
  story:
    "Then the web server is to serve another folder, and its name has a letter too many. Every check is content, and the new pod ends as soon as it is started. At its second end that is certain: helm is told to stop, long before its timeout of three minutes, the evidence is kept with what the program said, and the release goes back to revision 1. The pods of before have served all the time.",
  number: 5,
  title: "Serve another folder",
  set: ['apps.web.args=["/bin/busybox","httpd","-f","-p","8080","-h","/srvv"]'],
  outcome: (images) => ({
    conclusion: "failure",
    outputs: {
      ...{ status: "rolled-back", "previous-revision": "1", "rolled-back-to": "1" },
      ...{ "cause-code": "crash/exit", "error-code": "rollout-failed" },
    },
    revisions: ["1 superseded", "2 failed", "3 deployed"],
    apps: asBuilt(images),
    samePods: true,
    says: /^Deployment\/shop-web: container web of \S+ exits with 1, 2 times\n[\s\S]*Its log ends:\n.*\/srvv/,
    shows: { file: "events.txt", words: /Back-off restarting failed container/ },
  }),
};
