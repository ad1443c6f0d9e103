import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Pull } from "../github/pulls.ts";
import type { Job } from "../runner/job.ts";
import { type PlayedPreview, type PreviewStage, REPOSITORY, stagePreviews } from "./preview-scene.ts";
import { openScene, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

const MAIN = "0123456789abcdef0123456789abcdef01234567";
const ADDRESS = "https://pr.preview.example.com";
/** What terraform and helm say of a deployment that went well. */
const WELL = {
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

let scene: Scene;
let stage: PreviewStage;
beforeAll(async () => {
  scene = await openScene({ role: "Contributor" });
  stage = stagePreviews(scene);
});
afterAll(async () => {
  stage[Symbol.dispose]();
  await scene[Symbol.asyncDispose]();
});

let runId = 7_000;
const on = (pull: Pull, action: string, more = {}): Job["github"] => ({
  event_name: "pull_request",
  event: stage.api.pullEvent(REPOSITORY, pull.number, action, more),
  ref: `refs/pull/${pull.number}/merge`,
  run_id: `${++runId}`,
  actor: "mona",
});
const ofMain = (event_name: string, event: object): Job["github"] => ({
  event_name,
  event: { ...event },
  ref: "refs/heads/main",
  sha: MAIN,
  run_id: `${++runId}`,
  actor: "mona",
});
const closing = (pull: Pull) => ofMain("pull_request_target", stage.api.pullEvent(REPOSITORY, pull.number, "closed"));
const comment = (pull: Pull, body: string, author = "mona") => {
  const { id } = stage.api.addComment(REPOSITORY, pull.number, author, body);
  return { id, github: ofMain("issue_comment", stage.api.commentEvent(REPOSITORY, id)) };
};
const told = (pull: Pull): string =>
  stage.api.comments(REPOSITORY, pull.number).filter(({ author }) => author === "github-actions[bot]")[0]?.body ?? "";
const did = ({ records }: PlayedPreview) => records.map(({ action }) => action);
const stands = (pull: Pull): boolean => scene.names().includes(`shop-pr-${pull.number}`);
const group = (pull: Pull) => `mayfly-599293758-pr-${pull.number}`;

describe("a pull request of the repository", () => {
  let pull: Pull;
  let opened: PlayedPreview;
  beforeAll(async () => {
    pull = stage.api.addPullRequest(REPOSITORY, { number: 12, headRef: "$(touch pwned)`id`;'\"" });
    opened = await stage.run({ file: "preview", github: on(pull, "opened"), recorded: WELL });
  });

  test("is built, planned and deployed by exactly these jobs and steps", () => {
    expect(opened.ran).toEqual([
      "preview / Gate: success",
      "preview / Images / List: success",
      "preview / Images / Build api: success",
      "preview / Images / Images: success",
      "preview / Plan: success",
      "preview / Deploy: success",
    ]);
    expect(did(opened)).toEqual([
      "terraform plan",
      "terraform apply",
      "aks-set-context",
      "helm-deploy deploy",
      "smoke-test",
    ]);
    expect(opened.steps("preview / Deploy")).toEqual([
      "Log in",
      "Look again, now that it is its turn",
      "Check out",
      "Set up terraform",
      "Deploy",
      "Look once more, for who closed it meanwhile",
      "Report",
      "Keep preview.json",
    ]);
  });

  test("waits in its group with everything that changes it", () => {
    const waiting = opened.played.filter(({ concurrency }) => concurrency !== undefined);
    expect(waiting.map(({ name, concurrency }) => [name, concurrency])).toEqual([
      ["preview / Plan", group(pull)],
      ["preview / Deploy", group(pull)],
    ]);
  });

  test("hands on what the example says, and what each step said to the next", () => {
    const [plan, apply, context, helm, smoke] = opened.records;
    expect(plan?.given).toMatchObject({
      environment: "pr-12",
      "working-directory": "terraform/stacks/aks-environment",
    });
    expect(plan?.given).toMatchObject({
      ttl: "24h",
      "max-ttl": "7d",
      comment: "never",
      "var-files": "environment.tfvars",
    });
    expect(apply?.given).toMatchObject({ "plan-digest": "sha256:plan", approve: "equivalent", comment: "never" });
    expect(apply?.env).toEqual({ MAYFLY_HEAD_SHA: pull.headSha, TF_VAR_untrusted: "false" });
    expect(context?.given).toMatchObject({ cluster: "aks", "resource-group": "shop-pr", export: "false" });
    expect(helm?.given).toMatchObject({
      chart: "charts/shop",
      release: "shop",
      namespace: "shop-ns",
      environment: "pr-12",
      "expires-at": "2099-01-01T00:00:00Z",
      smoke: "smoke/*.yaml",
      "wait-for-nodes": "1",
    });
    expect(JSON.parse(helm?.given["images"] ?? "")).toMatchObject({
      api: { repository: "mayfly.azurecr.io/shop/api" },
    });
    expect(Object.keys(helm?.given ?? {})).not.toContain("namespace-labels");
    expect(smoke?.given).toMatchObject({ variables: `address=${ADDRESS}/`, "check-timeout": "5m" });
    expect(smoke?.given["spec"]).toMatch(/\/actions\/deploy-environment\/address\.yaml$/);
  });

  test("is told in one comment, a deployment and a green check, and by the workflow's outputs", () => {
    expect(told(pull)).toContain(ADDRESS);
    expect(stage.api.deployments(REPOSITORY)).toMatchObject([
      { sha: pull.headSha, state: "success", environmentUrl: ADDRESS, environment: "preview" },
    ]);
    expect(stage.api.checks(REPOSITORY, pull.headSha)).toMatchObject([{ conclusion: "success" }]);
    expect(opened.jobs["preview"]?.outputs).toMatchObject({ url: ADDRESS, environment: "pr-12", decision: "create" });
  });

  test("does nothing for a commit that is not its newest any more", async () => {
    const github = on(pull, "synchronize");
    pull.push();
    const ended = await stage.run({ file: "preview", github, recorded: WELL });
    expect(ended.ran).toEqual(["preview / Gate: success"]);
    expect(ended.jobs["preview"]?.outputs).toMatchObject({ decision: "keep" });
    expect(did(ended)).toEqual([]);
  });

  test("has its end moved by a comment of somebody who may, beside everything else", async () => {
    const { id, github } = comment(pull, "/extend 48h\nplease");
    const before = scene.azure.arm.find(groupOf(pull))?.body["tags"];
    const ended = await stage.run({ file: "preview-end", github, recorded: WELL });
    expect(ended.ran).toEqual(["command / Read: success", "command / Extend: success"]);
    expect(ended.played.map(({ concurrency }) => concurrency)).toEqual([undefined, undefined]);
    expect(stage.api.reactions(REPOSITORY, id)).toMatchObject([{ content: "eyes" }]);
    expect(scene.azure.arm.find(groupOf(pull))?.body["tags"]).not.toEqual(before);
  });

  test("obeys nobody else, and no comment that is no command", async () => {
    const { id, github } = comment(pull, "/destroy", "hubot");
    expect((await stage.run({ file: "preview-end", github })).ran).toEqual(["command / Read: success"]);
    expect(stage.api.reactions(REPOSITORY, id)).toMatchObject([{ content: "confused" }]);
    const word = comment(pull, "fine, `/destroy` is for later");
    expect((await stage.run({ file: "preview-end", github: word.github })).ran).toEqual([]);
    expect(stands(pull)).toBe(true);
  });

  test("is deployed anew by a comment, from the commit itself", async () => {
    const ended = await stage.run({ file: "preview-end", github: comment(pull, "/redeploy").github, recorded: WELL });
    expect(ended.ran).toEqual([
      "command / Read: success",
      "command / Deploy / Gate: success",
      "command / Deploy / Images / List: success",
      "command / Deploy / Images / Build api: success",
      "command / Deploy / Images / Images: success",
      "command / Deploy / Plan: success",
      "command / Deploy / Deploy: success",
    ]);
    const checkouts = ended.played.flatMap(({ name, result }) =>
      result.steps
        .filter((step) => step.name === "Check out" && step.stage === "main")
        .map(({ outputs }) => [name, outputs["ref"]]),
    );
    expect(checkouts.map(([, ref]) => ref)).toEqual(checkouts.map(() => pull.headSha));
    expect(ended.records.find(({ action }) => action === "terraform apply")?.env["MAYFLY_HEAD_SHA"]).toBe(pull.headSha);
  });

  test("is taken down when it is closed, and proven gone, by the base branch's files", async () => {
    pull.close();
    const ended = await stage.run({ file: "preview-end", github: closing(pull), recorded: WELL });
    expect(ended.ran).toEqual([
      "teardown / Gate: success",
      "teardown / Teardown pr-12: success",
      "teardown / Next in the queue: success",
    ]);
    expect(did(ended)).toEqual([
      "terraform output",
      "aks-set-context",
      "helm-deploy uninstall",
      "terraform destroy",
      "acr-purge",
    ]);
    expect(ended.played[1]?.concurrency).toBe(group(pull));
    expect(ended.records[2]?.given).toMatchObject({
      namespace: "shop-ns",
      release: "shop",
      "delete-namespace": "true",
    });
    expect(ended.records[3]?.given).toMatchObject({ "expect-resources": "0", comment: "never" });
    expect(ended.records[4]?.given).toMatchObject({ repositories: "shop/api\nshop/web", "dry-run": "false" });
    expect(told(pull)).toContain("3 resources destroyed by terraform");
    expect(stands(pull)).toBe(false);
    expect(stage.api.deployments(REPOSITORY)).toEqual([]);
  });

  const groupOf = ({ number }: Pull) => `/subscriptions/${scene.team.subscriptionId}/resourceGroups/shop-pr-${number}`;
});

/** Adds an input to the call of preview.yml. */
const withInput = (line: string) => (text: string) => text.replace("      chart:", `      ${line}\n      chart:`);
const unbuilt = withInput("build: false");

describe("what goes wrong", () => {
  test("a build that fails is told by the last job, with its cause, and nothing is deployed", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 21 });
    const ended = await stage.run({
      file: "preview",
      github: on(pull, "opened"),
      recorded: WELL,
      edit: withInput("images: shop/broken"),
    });
    expect(ended.ran).toEqual([
      "preview / Gate: success",
      "preview / Images / List: success",
      "preview / Images / Build broken: failure",
      "preview / Plan: success",
      "preview / Report: success",
    ]);
    expect(did(ended)).toEqual(["terraform plan"]);
    expect(told(pull)).toContain("The image broken could not be built.");
    expect(ended.conclusion).toBe("failure");
  });

  test("a deployment that fails is told with its cause, and stands for who looks", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 22 });
    const cause = "Deployment/shop-web: there is no 1.4.1 of shop/web";
    const outputs = { status: "failed", release: "shop", cause, "cause-code": "image-pull/not-found" };
    const recorded = { ...WELL, "helm-deploy deploy": { fails: true, outputs } };
    const ended = await stage.run({ file: "preview", github: on(pull, "opened"), recorded, edit: unbuilt });
    expect(ended.ran.slice(-2)).toEqual(["preview / Plan: success", "preview / Deploy: failure"]);
    expect(did(ended)).not.toContain("smoke-test");
    expect(ended.steps("preview / Deploy")).toContain("Deploy: failure");
    expect(told(pull)).toContain("there is no 1.4.1 of shop/web");
    expect(ended.jobs["preview"]?.outputs["url"] ?? "").toBe("");
    expect([stands(pull), ended.conclusion]).toEqual([true, "failure"]);
  });

  test("one that is closed during its deployment is taken down by the same run", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 23 });
    const ended = await stage.run({
      file: "preview",
      github: on(pull, "opened"),
      recorded: WELL,
      edit: unbuilt,
      meanwhile: ({ action }) => {
        if (action === "helm-deploy deploy") pull.close();
      },
    });
    expect(did(ended).slice(-4)).toEqual([
      "terraform output",
      "aks-set-context",
      "helm-deploy uninstall",
      "terraform destroy",
    ]);
    expect(ended.steps("preview / Deploy")).toContain("Destroy what nobody wants any more");
    expect([stands(pull), ended.conclusion]).toEqual([false, "success"]);
    expect(ended.jobs["preview"]?.outputs["url"] ?? "").toBe("");
    expect(told(pull)).toContain("3 resources destroyed by terraform");
  });

  test("what terraform does not destroy goes by its tags", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 24 });
    stage.addGroup("pr-24");
    pull.merge();
    const recorded = { ...WELL, "terraform destroy": { fails: true, outputs: { "error-code": "state-locked" } } };
    const ended = await stage.run({ file: "preview-end", github: closing(pull), recorded });
    expect(ended.steps("teardown / Teardown pr-24")).toEqual([
      "Log in",
      "Look again, now that it is its turn",
      "Check out",
      "Set up terraform",
      "Destroy: failure",
      "Remove what is left",
      "Prove and report",
      "Keep preview.json",
    ]);
    expect(did(ended)).toContain("acr-purge");
    expect([stands(pull), ended.conclusion]).toEqual([false, "success"]);
  });
});

describe("who gets none", () => {
  test("a fork waits for approval, and its run asks nobody for anything", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 31, headRepository: "mallory/shop" });
    const asked = scene.azure.traffic.find({ host: /login\.microsoftonline|management/ }).length;
    const ended = await stage.run({ file: "preview", github: on(pull, "opened"), readOnly: true });
    expect(ended.ran).toEqual(["preview / Gate: success"]);
    expect(ended.steps("preview / Gate")).toEqual(["Decide"]);
    expect(ended.played[0]?.environment).toBeUndefined();
    expect(scene.azure.traffic.find({ host: /login\.microsoftonline|management/ })).toHaveLength(asked);
    expect(ended.jobs["preview"]?.outputs).toMatchObject({ decision: "wait" });
  });

  test("its approved commit is built without any right, and runs without identity, by our own configuration", async () => {
    const pull = stage.api.pull(REPOSITORY, 31);
    const { github } = comment(pull, `/preview ${pull.headSha}`);
    const ended = await stage.run({ file: "preview-end", github, recorded: WELL });
    expect(ended.ran).toEqual([
      "command / Read: success",
      "command / Deploy / Gate: success",
      "command / Deploy / Images of a fork / List: success",
      "command / Deploy / Images of a fork / Build api: success",
      "command / Deploy / Images of a fork / Push api: success",
      "command / Deploy / Images of a fork / Images: success",
      "command / Deploy / Plan: success",
      "command / Deploy / Deploy: success",
    ]);
    const of = (name: string) => ended.played.find((job) => job.name?.endsWith(name));
    expect(of("Build api")).toMatchObject({ permissions: { contents: "read" } });
    expect(of("Build api")?.environment).toBeUndefined();
    expect(of("Push api")).toMatchObject({ permissions: { "id-token": "write" }, environment: "preview" });
    const ref = (name: string) =>
      of(name)?.result.steps.find((step) => /^Check/.test(step.name) && step.stage === "main")?.outputs["ref"];
    expect([ref("List"), ref("Build api"), ref("Plan"), ref("Deploy")]).toEqual([
      "refs/heads/main",
      pull.headSha,
      "refs/heads/main",
      "refs/heads/main",
    ]);
    const apply = ended.records.find(({ action }) => action === "terraform apply");
    expect(apply?.env).toEqual({ MAYFLY_HEAD_SHA: pull.headSha, TF_VAR_untrusted: "true" });
    const helm = ended.records.find(({ action }) => action === "helm-deploy deploy")?.given ?? {};
    expect(helm["namespace-labels"]).toBe("pod-security.kubernetes.io/enforce=restricted");
    expect(Object.keys(helm)).not.toContain("workload-identity");
  });

  test("nor does who lacks the label that is asked for, with a green run", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 32 });
    const edit = withInput("label: preview");
    const ended = await stage.run({ file: "preview", github: on(pull, "opened"), edit });
    expect([ended.ran, ended.conclusion]).toEqual([["preview / Gate: success"], "success"]);
    expect(stands(pull)).toBe(false);
  });
});

test("the hourly sweep takes down what no event told, each in its turn, and starts who waits", async () => {
  const [one, two, waiting] = [41, 42, 43].map((number) => stage.api.addPullRequest(REPOSITORY, { number }));
  if (waiting === undefined) throw new Error("no pull request");
  const github = on(waiting, "opened");
  const queued = await stage.run({ file: "preview", github, edit: withInput("max-previews: 1") });
  expect([queued.ran, queued.conclusion]).toEqual([["preview / Gate: success"], "success"]);
  const [check] = stage.api.checks(REPOSITORY, waiting.headSha);
  expect(check).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("queued") });
  const run = stage.api.addRun(REPOSITORY, { id: Number(github?.run_id), status: "completed" });

  for (const pull of [one, two]) {
    stage.addGroup(`pr-${pull?.number}`);
    pull?.close();
  }
  const ended = await stage.run({ file: "preview-end", github: ofMain("schedule", {}), recorded: WELL });
  expect(ended.ran).toEqual([
    "teardown / Gate: success",
    "teardown / Teardown pr-41: success",
    "teardown / Teardown pr-42: success",
    "teardown / Next in the queue: success",
  ]);
  expect(ended.played.slice(1, 3).map(({ concurrency }) => concurrency)).toEqual([
    "mayfly-599293758-pr-41",
    "mayfly-599293758-pr-42",
  ]);
  expect(ended.records.filter(({ action }) => action === "terraform destroy")).toHaveLength(2);
  expect(run.attempts).toHaveLength(2);
});
