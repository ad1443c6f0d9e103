import type { Pull } from "../github/pulls.ts";
import type { Job } from "../runner/job.ts";
import { type PlayedPreview, type PreviewStage, REPOSITORY } from "./preview-scene.ts";

const MAIN = "0123456789abcdef0123456789abcdef01234567";
/** Where every preview is reached. */
export const ADDRESS = "https://pr.preview.example.com";
/** What terraform and helm say of a deployment that went well. */
export const WELL = {
  "terraform plan": { outputs: { "plan-digest": "sha256:plan" } },
  "terraform apply": {
    outputs: {
      "expires-at": "2099-01-01T00:00:00Z",
      outputs: JSON.stringify({
        resource_group_name: "shop-pr",
        cluster_name: "aks",
        cluster_resource_group_name: "shop-pr",
        namespace: "shop-ns",
        workload_identity_client_id: "c11e",
      }),
    },
  },
  "helm-deploy deploy": { outputs: { status: "deployed", release: "shop", namespace: "shop-ns", url: ADDRESS } },
  "helm-deploy uninstall": { outputs: { status: "uninstalled", release: "shop", namespace: "shop-ns" } },
  "terraform output": { outputs: { outputs: JSON.stringify({ cluster_name: "aks", namespace: "shop-ns" }) } },
  "terraform destroy": { outputs: { destroy: "3" } },
  "acr-purge": { outputs: { untagged: "2", "manifests-deleted": "1" } },
} as const;

/** What happens to a pull request, as runs of GitHub have it. */
export interface PreviewEvents {
  /** Of `pull_request`, as the pull request stands now. */
  on(pull: Pull, action: string): NonNullable<Job["github"]>;
  /** Of the default branch. */
  ofMain(event: string, payload: object): NonNullable<Job["github"]>;
  closing(pull: Pull): NonNullable<Job["github"]>;
  /** Somebody writes it. */
  comment(pull: Pull, body: string, author?: string): { readonly id: number; readonly github: Job["github"] };
  /** Our comment, as it reads now. */
  told(pull: Pull): string;
}

/** Each event is a run of its own. */
export function previewEvents({ api }: Pick<PreviewStage, "api">): PreviewEvents {
  let runId = 7_000;
  const begin = () => {
    runId += 1;
    return { run_id: `${runId}`, actor: "mona" };
  };
  const ofMain: PreviewEvents["ofMain"] = (event_name, payload) => ({
    event_name,
    event: { ...payload },
    ref: "refs/heads/main",
    sha: MAIN,
    ...begin(),
  });
  return {
    on: ({ number }, action) => ({
      event_name: "pull_request",
      event: api.pullEvent(REPOSITORY, number, action),
      ref: `refs/pull/${number}/merge`,
      ...begin(),
    }),
    ofMain,
    closing: ({ number }) => ofMain("pull_request_target", api.pullEvent(REPOSITORY, number, "closed")),
    comment: ({ number }, body, author = "mona") => {
      const { id } = api.addComment(REPOSITORY, number, author, body);
      return { id, github: ofMain("issue_comment", api.commentEvent(REPOSITORY, id)) };
    },
    told: ({ number }) =>
      api.comments(REPOSITORY, number).find(({ author }) => author === "github-actions[bot]")?.body ?? "",
  };
}

/** The actions that were asked for something, in order. */
export const did = ({ records }: PlayedPreview): readonly string[] => records.map(({ action }) => action);

/** Adds an input to the call of preview.yml. */
export const withInput = (line: string) => (text: string) =>
  text.replace("      chart:", `      ${line}\n      chart:`);
