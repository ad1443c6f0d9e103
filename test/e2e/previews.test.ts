import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Pull } from "../github/pulls.ts";
import { ADDRESS, did, type PreviewEvents, previewEvents, WELL } from "./preview-events.ts";
import { type PlayedPreview, type PreviewStage, REPOSITORY, stagePreviews } from "./preview-scene.ts";
import { openScene, repositoryRoot, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

let scene: Scene;
let stage: PreviewStage;
let events: PreviewEvents;
beforeAll(async () => {
  scene = await openScene({ role: "Contributor" });
  stage = stagePreviews(scene);
  events = previewEvents(stage);
});
afterAll(async () => {
  stage[Symbol.dispose]();
  await scene[Symbol.asyncDispose]();
});

const stands = (pull: Pull): boolean => scene.names().includes(`shop-pr-${pull.number}`);
const group = (pull: Pull) => `mayfly-599293758-pr-${pull.number}`;

describe("a pull request of the repository", () => {
  let pull: Pull;
  let opened: PlayedPreview;
  beforeAll(async () => {
    pull = stage.api.addPullRequest(REPOSITORY, { number: 12, headRef: "$(touch pwned)`id`;'\"" });
    opened = await stage.run({ file: "preview", github: events.on(pull, "opened"), recorded: WELL });
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
    expect(did(opened)).toEqual(["terraform plan", "terraform apply", "aks-set-context", "helm-deploy deploy"]);
    expect(opened.steps("preview / Deploy")).toEqual([
      "Look again, now that it is its turn",
      "Check out",
      "Set up terraform",
      "Deploy",
      "Report, unless somebody closed it meanwhile",
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
    const [plan, apply, context, helm] = opened.records;
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
      "check-url": "true",
      "url-path": "/",
      "url-timeout": "5m",
    });
    expect(JSON.parse(helm?.given["images"] ?? "")).toMatchObject({
      api: { repository: "mayfly.azurecr.io/shop/api" },
    });
    expect(Object.keys(helm?.given ?? {})).not.toContain("namespace-labels");
  });

  test("is told in one comment, a deployment and a green check, and by the workflow's outputs", () => {
    expect(events.told(pull)).toContain(ADDRESS);
    expect(stage.api.deployments(REPOSITORY)).toMatchObject([
      { sha: pull.headSha, state: "success", environmentUrl: ADDRESS, environment: "preview" },
    ]);
    expect(stage.api.checks(REPOSITORY, pull.headSha)).toMatchObject([{ conclusion: "success" }]);
    expect(opened.jobs["preview"]?.outputs).toMatchObject({ url: ADDRESS, environment: "pr-12", decision: "create" });
  });

  test("does nothing for a commit that is not its newest any more", async () => {
    const github = events.on(pull, "synchronize");
    pull.push();
    const ended = await stage.run({ file: "preview", github, recorded: WELL });
    expect(ended.ran).toEqual(["preview / Gate: success"]);
    expect(ended.jobs["preview"]?.outputs).toMatchObject({ decision: "keep" });
    expect(did(ended)).toEqual([]);
  });

  test("has its end moved by a comment of somebody who may, beside everything else", async () => {
    const { id, github } = events.comment(pull, "/extend 48h\nplease");
    const before = scene.azure.arm.find(groupOf(pull))?.body["tags"];
    const ended = await stage.run({ file: "preview-end", github, recorded: WELL });
    expect(ended.ran).toEqual(["command / Read: success", "command / Extend: success"]);
    expect(ended.played.map(({ concurrency }) => concurrency)).toEqual([undefined, undefined]);
    expect(stage.api.reactions(REPOSITORY, id)).toMatchObject([{ content: "eyes" }]);
    expect(scene.azure.arm.find(groupOf(pull))?.body["tags"]).not.toEqual(before);
  });

  test("obeys nobody else, and no comment that is no command", async () => {
    const { id, github } = events.comment(pull, "/destroy", "hubot");
    expect((await stage.run({ file: "preview-end", github })).ran).toEqual(["command / Read: success"]);
    expect(stage.api.reactions(REPOSITORY, id)).toMatchObject([{ content: "confused" }]);
    const word = events.comment(pull, "fine, `/destroy` is for later");
    expect((await stage.run({ file: "preview-end", github: word.github })).ran).toEqual([]);
    expect(stands(pull)).toBe(true);
  });

  test("is deployed anew by a comment, from the commit itself", async () => {
    const ended = await stage.run({
      file: "preview-end",
      github: events.comment(pull, "/redeploy").github,
      recorded: WELL,
    });
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
    const ended = await stage.run({ file: "preview-end", github: events.closing(pull), recorded: WELL });
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
    expect(events.told(pull)).toContain("3 resources destroyed by terraform");
    expect(stands(pull)).toBe(false);
    expect(stage.api.deployments(REPOSITORY)).toEqual([]);
  });

  const groupOf = ({ number }: Pull) => `/subscriptions/${scene.team.subscriptionId}/resourceGroups/shop-pr-${number}`;
});

test("an environment that people share is deployed by the file of docs/deploying.md, and its summary says where all is", async () => {
  const page = readFileSync(join(repositoryRoot, "docs/deploying.md"), "utf8");
  const [, text = ""] = /^```yaml\n(name: Deploy\n[\s\S]*?)^```/m.exec(page) ?? [];
  const ended = await stage.run({ file: "deploy", text, github: events.ofMain("push", {}), recorded: WELL });
  expect(ended.ran).toEqual([
    "test / Images / List: success",
    "test / Images / Build api: success",
    "test / Images / Images: success",
    "test / Plan: success",
    "test / Deploy: success",
  ]);
  expect(did(ended)).toEqual(["terraform plan", "terraform apply", "aks-set-context", "helm-deploy deploy"]);
  expect(ended.records[1]?.given).toMatchObject({ environment: "test", ttl: "3d", "plan-digest": "sha256:plan" });
  expect(ended.played.flatMap(({ concurrency }) => concurrency ?? [])).toEqual(
    Array.from({ length: 2 }, () => "mayfly-599293758-test"),
  );
  const summary = ended.played.at(-1)?.result.summary ?? "";
  for (const fact of [ADDRESS, "shop-ns", "aks", "mayfly.azurecr.io", "2099"]) expect(summary).toContain(fact);
  expect(ended.jobs["test"]?.outputs).toMatchObject({ url: ADDRESS });
});

test("the address of an environment without a release is asked by a smoke test", async () => {
  const page = readFileSync(join(repositoryRoot, "docs/deploying.md"), "utf8");
  const [, whole = ""] = /^```yaml\n(name: Deploy\n[\s\S]*?)^```/m.exec(page) ?? [];
  const text = whole.replace(/^ +chart: .*\n/m, "");
  expect(text).not.toBe(whole);
  const recorded = { ...WELL, "terraform apply": { outputs: { outputs: JSON.stringify({ url: ADDRESS }) } } };
  const ended = await stage.run({ file: "deploy", text, github: events.ofMain("push", {}), recorded });
  expect(did(ended)).toEqual(["terraform plan", "terraform apply", "smoke-test"]);
  const smoke = ended.records.at(-1)?.given;
  expect(smoke).toMatchObject({ variables: `address=${ADDRESS}/`, "check-timeout": "5m" });
  expect(smoke?.["spec"]).toMatch(/\/actions\/deploy-environment\/address\.yaml$/);
  expect(ended.jobs["test"]?.outputs).toMatchObject({ url: ADDRESS });
});
