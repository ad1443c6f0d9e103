import { join } from "node:path";
import type { JobOptions } from "../../test/azure/github/issuer.ts";
import type { Stage } from "./act.ts";
import type { RunRecord } from "./run-record.ts";
import { ENVIRONMENT, SHOP, type Shop } from "./shop.ts";
import type { Theatre } from "./theatre.ts";
import { recordWorkflow } from "./workflow-run.ts";

const BUILD = ".github/workflows/build-and-publish.yml";
const PURGE = "examples/build-and-publish/.github/workflows/purge.yml";
/** Whose actions the example names. */
const PLACE = "OWNER/mayfly";

/** What made a run start. */
export interface Cause {
  readonly number: number;
  /** What the run is called. */
  readonly title: string;
  /** The commit that somebody wrote. */
  readonly commit: string;
  /** A push to main where left out. `merge` is the commit that GitHub made of it. */
  readonly pull?: { readonly number: number; readonly branch: string; readonly merge: string };
}

const REPOSITORY_FACTS = {
  repository: SHOP.name,
  repository_id: SHOP.id,
  repository_owner: SHOP.name.split("/")[0] ?? "",
  repository_owner_id: SHOP.ownerId,
  actor: "mona",
} as const;

const PAYLOAD = { repository: { full_name: SHOP.name, name: "shop", default_branch: "main" } } as const;

/** Runs build-and-publish.yml as the shop's own workflow calls it, with what is checked out in its repository. */
export function runPublish(theatre: Theatre, shop: Shop, cause: Cause, stage: Stage): Promise<RunRecord> {
  const { number, title, commit, pull } = cause;
  const event = pull === undefined ? "push" : "pull_request";
  const ref = pull === undefined ? "refs/heads/main" : `refs/pull/${pull.number}/merge`;
  const { tenantId, subscriptionId } = theatre.team;
  return recordWorkflow(
    theatre,
    {
      facts: { ...describe(cause), event, branch: pull?.branch ?? "main", title, commit: commit.slice(0, 7) },
      file: BUILD,
      token: { ...tokenFacts(event, ref), ...(pull === undefined ? {} : { headRef: pull.branch, baseRef: "main" }) },
      source: {
        trigger: "workflow_call",
        permissions: { contents: "read", "id-token": "write" },
        inputs: { environment: ENVIRONMENT, "skip-if-unchanged": true },
        vars: {
          AZURE_CLIENT_ID: shop.pusher,
          AZURE_TENANT_ID: tenantId,
          AZURE_SUBSCRIPTION_ID: subscriptionId,
          MAYFLY_REGISTRY: shop.registry.loginServer.split(".")[0] ?? "",
        },
        checkout: shop.repository.folder,
        machineEnv: shop.machineEnv,
        github: {
          ...REPOSITORY_FACTS,
          event_name: event,
          ref,
          sha: pull?.merge ?? commit,
          run_number: String(number),
          ...(pull === undefined
            ? { event: PAYLOAD }
            : { head_ref: pull.branch, base_ref: "main", event: pullPayload(cause) }),
        },
      },
    },
    stage,
  );
}

/** Runs the example's purge.yml as GitHub does when a pull request is closed. */
export function runPurge(theatre: Theatre, shop: Shop, cause: Cause, stage: Stage): Promise<RunRecord> {
  const { number, title, pull } = cause;
  const { tenantId, subscriptionId } = theatre.team;
  const own = (action: string) => [`${PLACE}/actions/${action}`, join(theatre.repositoryRoot, "actions", action)];
  return recordWorkflow(
    theatre,
    {
      facts: { ...describe(cause), event: "pull_request_target", branch: pull?.branch ?? "main", title },
      file: PURGE,
      token: tokenFacts("pull_request_target", "refs/heads/main"),
      source: {
        trigger: "pull_request_target",
        replace: Object.fromEntries(["azure-login", "acr-purge"].map(own)),
        vars: {
          AZURE_PURGE_CLIENT_ID: shop.purger,
          AZURE_TENANT_ID: tenantId,
          AZURE_SUBSCRIPTION_ID: subscriptionId,
          MAYFLY_REGISTRY: shop.registry.loginServer.split(".")[0] ?? "",
        },
        machineEnv: shop.machineEnv,
        github: {
          ...REPOSITORY_FACTS,
          event_name: "pull_request_target",
          run_number: String(number),
          event: { action: "closed", ...pullPayload(cause) },
        },
      },
    },
    stage,
  );
}

function describe({ number }: Cause): Pick<RunRecord, "repository" | "number" | "actor"> {
  return { repository: SHOP.name, number, actor: "mona" };
}

function tokenFacts(event: string, ref: string): JobOptions {
  return { repository: SHOP.name, repositoryId: SHOP.id, ownerId: SHOP.ownerId, event, ref, workflow: "images" };
}

function pullPayload({ commit, pull }: Cause): Readonly<Record<string, unknown>> {
  const home = { full_name: SHOP.name };
  const head = { sha: commit, ref: pull?.branch, repo: home };
  return { ...PAYLOAD, pull_request: { number: pull?.number, head, base: { ref: "main", repo: home } } };
}
