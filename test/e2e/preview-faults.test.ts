import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Pull } from "../github/pulls.ts";
import { did, type PreviewEvents, previewEvents, WELL, withInput } from "./preview-events.ts";
import { type PreviewStage, REPOSITORY, stagePreviews } from "./preview-scene.ts";
import { openScene, type Scene } from "./scene.ts";

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

const unbuilt = withInput("build: false");

describe("what goes wrong", () => {
  test("a build that fails is told by the last job, with its cause, and nothing is deployed", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 21 });
    const ended = await stage.run({
      file: "preview",
      github: events.on(pull, "opened"),
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
    expect(events.told(pull)).toContain("The image broken could not be built.");
    expect(ended.conclusion).toBe("failure");
  });

  test("a deployment that fails is told with its cause, and stands for who looks", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 22 });
    const cause = "Deployment/shop-web: there is no 1.4.1 of shop/web";
    const outputs = { status: "failed", release: "shop", cause, "cause-code": "image-pull/not-found" };
    const recorded = { ...WELL, "helm-deploy deploy": { fails: true, outputs } };
    const ended = await stage.run({ file: "preview", github: events.on(pull, "opened"), recorded, edit: unbuilt });
    expect(ended.ran.slice(-2)).toEqual(["preview / Gate: success", "preview / Deploy: failure"]);
    expect(ended.steps("preview / Deploy")).toContain("Deploy: failure");
    expect(events.told(pull)).toContain("there is no 1.4.1 of shop/web");
    expect(ended.jobs["preview"]?.outputs["url"] ?? "").toBe("");
    expect([stands(pull), ended.conclusion]).toEqual([true, "failure"]);
  });

  test("one that is closed during its deployment is taken down by the same run", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 23 });
    const ended = await stage.run({
      file: "preview",
      github: events.on(pull, "opened"),
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
    expect(events.told(pull)).toContain("3 resources destroyed by terraform");
  });

  test("what terraform does not destroy goes by its tags", async () => {
    const pull = stage.api.addPullRequest(REPOSITORY, { number: 24 });
    stage.addGroup("pr-24");
    pull.merge();
    const recorded = { ...WELL, "terraform destroy": { fails: true, outputs: { "error-code": "state-locked" } } };
    const ended = await stage.run({ file: "preview-end", github: events.closing(pull), recorded });
    expect(ended.steps("teardown / Teardown pr-24")).toEqual([
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
    const ended = await stage.run({ file: "preview", github: events.on(pull, "opened"), readOnly: true });
    expect(ended.ran).toEqual(["preview / Gate: success"]);
    expect(ended.steps("preview / Gate")).toEqual(["Decide"]);
    expect(ended.played[0]?.environment).toBeUndefined();
    expect(scene.azure.traffic.find({ host: /login\.microsoftonline|management/ })).toHaveLength(asked);
    expect(ended.jobs["preview"]?.outputs).toMatchObject({ decision: "wait" });
  });

  test("its approved commit is built without any right, and runs without identity, by our own configuration", async () => {
    const pull = stage.api.pull(REPOSITORY, 31);
    const { github } = events.comment(pull, `/preview ${pull.headSha}`);
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
    const ended = await stage.run({ file: "preview", github: events.on(pull, "opened"), edit });
    expect([ended.ran, ended.conclusion]).toEqual([["preview / Gate: success"], "success"]);
    expect(stands(pull)).toBe(false);
  });
});

test("the hourly sweep takes down what no event told, each in its turn, and starts who waits", async () => {
  const [one, two, waiting] = [41, 42, 43].map((number) => stage.api.addPullRequest(REPOSITORY, { number }));
  if (waiting === undefined) throw new Error("no pull request");
  const github = events.on(waiting, "opened");
  const queued = await stage.run({ file: "preview", github, edit: withInput("max-previews: 1") });
  expect([queued.ran, queued.conclusion]).toEqual([["preview / Gate: success"], "success"]);
  const [check] = stage.api.checks(REPOSITORY, waiting.headSha);
  expect(check).toMatchObject({ conclusion: "neutral", title: expect.stringContaining("queued") });
  const run = stage.api.addRun(REPOSITORY, { id: Number(github?.run_id), status: "completed" });

  for (const pull of [one, two]) {
    stage.addGroup(`pr-${pull?.number}`);
    pull?.close();
  }
  const ended = await stage.run({ file: "preview-end", github: events.ofMain("schedule", {}), recorded: WELL });
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
