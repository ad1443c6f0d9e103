import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitHubApi } from "../../test/github/github-api.ts";
import type { Part } from "./act.ts";
import { nameGroup } from "./cleanup-fleet.ts";
import { readFirstFiles } from "./environment-sources.ts";
import { createGitRepository, type GitRepository } from "./git-repository.ts";
import { addIdentity } from "./identity.ts";
import { SHOP } from "./shop.ts";
import type { StatePlace } from "./states.ts";
import { REPOSITORY, type Theatre } from "./theatre.ts";

/** The storage of the states, as the foundation would have made it. */
export const STATES = { account: "shopstates", container: "previews" } as const satisfies StatePlace;
export const STATES_PART: Part = { title: `States in ${STATES.account}`, noun: "resource" };

/** The GitHub environment that the identity is bound to. */
export const ENVIRONMENT = "preview";

/** A password of nothing, made up for the demo: it should show nowhere. */
export const ADMIN_PASSWORD = "Quiet-otter/17=blue";

/** The pull request whose environment it is, and another one whose number only begins alike. */
export const PULL = { number: 8, title: "Take orders faster", branch: "faster" } as const;
const OTHER = 81;

/** The key that an environment's state gets by itself. */
export function nameState(pull: number): string {
  return `mayfly/${SHOP.id}/pr-${pull}.tfstate`;
}

/** What the acts about an environment share. */
export interface EnvironmentTeam {
  readonly repository: GitRepository;
  readonly api: GitHubApi;
  /** Client id of the identity that previews are made with. */
  readonly deployer: string;
  /** What a job on this machine needs to reach the emulator. */
  readonly machineEnv: Readonly<Record<string, string>>;
}

/** Sets up repository, pull request, storage and identity; what is on this machine's disk goes when the theatre closes. */
export function openEnvironmentTeam(theatre: Theatre): EnvironmentTeam {
  const { azure, team, proxy, closing } = theatre;
  const scratch = mkdtempSync(join(tmpdir(), "mayfly-environment-"));
  closing.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const repository = createGitRepository(join(scratch, "shop"));
  repository.commit("Describe an environment", readFirstFiles());
  const api = azure.githubApi;
  api.addRepository({ name: SHOP.name, id: SHOP.id });
  api.addPullRequest(SHOP.name, { number: PULL.number, title: PULL.title });
  const storage = azure.blobs.addAccount({
    name: STATES.account,
    subscriptionId: team.subscriptionId,
    group: nameGroup("foundation", REPOSITORY.id),
    containers: [STATES.container],
  });
  azure.blobs.put({ ...STATES, name: nameState(OTHER) }, { type: "BlockBlob" }, OTHER_STATE);
  const deployer = addIdentity(theatre, {
    name: "mayfly-previews",
    subject: `repo:${SHOP.name}:environment:${ENVIRONMENT}`,
    roles: [["Storage Blob Data Contributor", storage.containerId(STATES.container)]],
  });
  return {
    repository,
    api,
    deployer,
    machineEnv: { ...proxy.env, PATH: process.env["PATH"] ?? "", HOME: scratch },
  };
}

/** What another pull request's apply left. */
const OTHER_STATE = JSON.stringify({
  ...{ version: 4, terraform_version: "1.11.4", serial: 3, lineage: "0d3f7a52-7a0e-4a1c-9a39-5c9d1f3b2e81" },
  outputs: {},
  resources: [
    {
      ...{ mode: "managed", type: "terraform_data", name: "queue" },
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [{ schema_version: 0, attributes: { id: "81c0ffee-2f2e-4d0c-8a43-0c1f52f0aa81" } }],
    },
  ],
});
