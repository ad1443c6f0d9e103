import { NAMESPACE_REAPER_ROLE } from "../../test/azure/team.ts";
import type { Pull } from "../../test/github/pulls.ts";
import type { Company } from "./deploy-company.ts";
import { principalOf } from "./deploy-team.ts";
import { addIdentity } from "./identity.ts";
import { headline, readPreviewFiles } from "./preview-sources.ts";
import { SHOP } from "./shop.ts";
import type { Theatre } from "./theatre.ts";

/** The GitHub environment that the identity of previews is bound to. */
const ENVIRONMENT = "preview";

/** What namespaces of previews begin with: the cluster may be shared with others of this machine. */
export const PREFIX = "demo-shop";

/** A pull request, with what it changes. */
export interface Change {
  readonly pull: Pull;
  readonly branch: string;
  /** The heading that the shop's page gets by it. */
  readonly heading: string;
  /** GitHub's merge of it into main. */
  readonly merge: string;
}

/** What the acts about previews share. */
export interface PreviewTeam extends Company {
  /** Client id of the identity that previews are made with. */
  readonly previewer: string;
  /** The commit of main that has the two workflows. */
  readonly main: string;
  readonly machineEnv: Readonly<Record<string, string>>;
  /** Opens a pull request that changes a heading. */
  open(number: number, title: string, heading: string): Change;
}

/** Sets up who makes previews and who reaps them; what they leave in the cluster goes when the theatre closes. */
export async function openPreviewTeam(theatre: Theatre, company: Company): Promise<PreviewTeam> {
  const { azure, team, proxy } = theatre;
  const { shop, team: deployTeam } = company;
  const { clusterId } = deployTeam;
  const { repository, registry } = shop;
  const previewer = addIdentity(theatre, {
    name: "mayfly-previews",
    subject: `repo:${SHOP.name}:environment:${ENVIRONMENT}`,
    roles: [
      ["AcrPush", registry.id],
      ["AcrDelete", registry.id],
      ["Azure Kubernetes Service Cluster User Role", clusterId],
    ],
  });
  team.assign(NAMESPACE_REAPER_ROLE, clusterId);
  await bind(theatre, company, [principalOf(theatre, previewer).objectId, team.principal.objectId]);
  repository.go("main");
  const main = repository.commit("Give each pull request a preview", readPreviewFiles());
  return {
    ...company,
    previewer,
    main,
    // Names of cloudapp.azure.com lead to load balancers of the cluster, over plain HTTP.
    machineEnv: { ...shop.machineEnv, ...deployTeam.machineEnv, ...proxy.webEnv },
    open: (number, title, heading) => {
      const branch = `heading-${number}`;
      repository.go("main");
      repository.go(branch);
      const headSha = repository.commit(title, headline(heading));
      const pull = azure.githubApi.addPullRequest(SHOP.name, {
        ...{ number, title, author: "mona", headRef: branch, headSha },
      });
      return { pull, branch, heading, merge: repository.merge(branch) };
    },
  };
}

/** Who makes namespaces, and who takes them away, may do so in the whole cluster. */
async function bind({ closing }: Theatre, { team }: Company, objectIds: readonly string[]): Promise<void> {
  const { kubectl } = team.cluster;
  const name = `${PREFIX}-previews`;
  const remove = async (): Promise<void> => {
    await kubectl("delete", "clusterrolebinding", name, "--ignore-not-found");
    const spaces = await kubectl(
      "get",
      "namespaces",
      "--selector",
      `mayfly-repository-id=${SHOP.id}`,
      "--output",
      "name",
    );
    const left = spaces.split("\n").filter((each) => each.startsWith(`namespace/${PREFIX}-`));
    if (left.length > 0) await kubectl("delete", ...left, "--ignore-not-found", "--wait=false");
  };
  // A demo that was killed may have left some.
  await remove();
  await kubectl(
    "create",
    "clusterrolebinding",
    name,
    "--clusterrole=cluster-admin",
    ...objectIds.map((id) => `--user=${id}`),
  );
  closing.defer(remove);
}

/** The namespace that an environment has by itself. */
export function nameSpace(pull: number): string {
  return `${PREFIX}-pr-${pull}-${SHOP.id}`;
}

/** The address that an environment gets. */
export function nameAddress(pull: number): string {
  return `http://${PREFIX}-pr-${pull}.westeurope.cloudapp.azure.com`;
}
