import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { StageRun } from "../act/act-stage.ts";
import { expectExecuted } from "../act/expect-executed.ts";
import { type ActPreviewScene, openActPreviewScene } from "./act-preview-scene.ts";
import { ACCOUNT, CONTAINER } from "./terraform-scene.ts";

jest.setTimeout(600_000);

/** What the two files of examples/previews grant, besides what differs. */
const GRANTED = {
  contents: "read",
  "id-token": "write",
  "pull-requests": "write",
  deployments: "write",
  checks: "write",
};
const GATE = ["Decide"];

let preview: ActPreviewScene;
beforeAll(async () => {
  preview = await openActPreviewScene();
});
afterAll(async () => preview?.[Symbol.asyncDispose]());

const github = () => preview.scene.azure.githubApi;
const shown = () => github().comments(preview.repository, 12);
const kubectl = (...words: readonly string[]): Promise<string> => preview.scene.cluster.kubectl(...words);
const group = () => `/subscriptions/${preview.scene.team.subscriptionId}/resourceGroups/shop-pr-12`;

let opened: StageRun;
describe("a pull request that is opened, in the consumer's own file", () => {
  let run: StageRun;
  let url: string;
  beforeAll(async () => {
    const permissions = { ...GRANTED, actions: "read" };
    run = await preview.run("preview.yml", { name: "pull_request", action: "opened", permissions });
    opened = run;
    url = `http://${preview.label}.westeurope.cloudapp.azure.com`;
  });

  test("runs exactly these jobs and steps, down to the posts", () => {
    expectExecuted(run, {
      "preview/Preview/Gate": GATE,
      "Images/Build and publish/List": ["Check out", "Read the list"],
      "Images/Build and publish/Build web": [
        ...["Check out", "Log in", "Build", "Hand repository, tag and digest on"],
        ...["post Build", "post Log in"],
      ],
      "Images/Build and publish/Images": ["Fetch what each job handed on", "Merge"],
      "preview/Preview/Plan": ["Check out", "Set up terraform", "Plan", "post Plan"],
      "preview/Preview/Deploy": [
        ...["Look again, now that it is its turn", "Check out", "Set up terraform"],
        ...["Deploy", "Deploy › Look at what is asked for", "Deploy › Apply", "Deploy › Choose namespace and address"],
        ...["Deploy › Write the kubeconfig", "Deploy › Deploy", "Deploy › Take the time"],
        ...["Report, unless somebody closed it meanwhile", "Keep preview.json"],
        ...["post Deploy › Deploy", "post Deploy › Write the kubeconfig"],
        ...["post Deploy › Apply"],
      ],
      "Preview/e2e": ["Ask it"],
    });
  });

  test("has pods of the image that was built for it, in a namespace with its marks and its end", async () => {
    const { registry } = preview.scene;
    const images = await kubectl(
      "get",
      "pods",
      "-n",
      preview.namespace,
      "-o=jsonpath={.items[*].spec.containers[*].image}",
    );
    expect(images).toMatch(new RegExp(`^${registry.loginServer.replaceAll(".", "\\.")}/team/web@sha256:[0-9a-f]{64}$`));
    const { metadata } = await preview.scene.read(preview.namespace, "namespace", preview.namespace);
    expect(metadata).toMatchObject({
      labels: { "auto-destroy": "true", "mayfly-environment": "pr-12" },
      annotations: { "expires-at": expect.stringMatching(/Z$/), "mayfly-head-sha": preview.sha },
    });
  });

  test("has a group with its end, and a state", () => {
    expect(preview.scene.azure.blobs.names(ACCOUNT, CONTAINER)).toContainEqual(
      expect.stringMatching(/\/pr-12\.tfstate$/),
    );
    expect(preview.scene.azure.arm.find(group())?.body["tags"]).toMatchObject({
      "auto-destroy": "true",
      "expires-at": expect.stringMatching(/Z$/),
      "mayfly-environment": "pr-12",
      "mayfly-head-sha": preview.sha,
    });
  });

  test("has one comment and one deployment with an address that answers, from another job, too", () => {
    const bodies = shown().map(({ author, body }) => ({ author, body }));
    expect(bodies).toEqual([{ author: "github-actions[bot]", body: expect.stringContaining(url) }]);
    expect(bodies[0]?.body).toContain(preview.sha.slice(0, 7));
    expect(github().deployments(preview.repository)).toMatchObject([
      { sha: preview.sha, environment: "preview", task: "mayfly:pr-12", state: "success", environmentUrl: url },
    ]);
    const asked = run.jobs.find(({ name }) => name === "Preview/e2e")?.steps[0];
    expect(asked?.lines).toEqual([`${url} serves from pr-12`]);
    const file = readFileSync(join(run.artifacts, "preview-pr-12/preview.json"), "utf8");
    expect(file).toContain(url);
  });
});

describe("the same pull request when it is closed, in the consumer's file of the default branch", () => {
  let run: StageRun;
  beforeAll(async () => {
    preview.pull.close();
    const permissions = { ...GRANTED, actions: "write" };
    run = await preview.run("preview-end.yml", { name: "pull_request_target", action: "closed", permissions });
  });

  test("runs exactly these jobs and steps, down to the posts", () => {
    expectExecuted(run, {
      "teardown/Preview teardown/Gate": GATE,
      "teardown/Preview teardown/Teardown pr-12": [
        ...["Look again, now that it is its turn", "Check out", "Set up terraform"],
        ...["Destroy", "Destroy › Read where the release is", "Destroy › Choose the namespace"],
        ...[
          "Destroy › Write the kubeconfig",
          "Destroy › Uninstall",
          "Destroy › Destroy",
          "Destroy › Remove the images",
        ],
        ...["Prove and report", "Keep preview.json", "post Destroy › Destroy", "post Destroy › Uninstall"],
        ...["post Destroy › Write the kubeconfig", "post Destroy › Read where the release is"],
      ],
      "teardown/Preview teardown/Next in the queue": ["Start the first that waits"],
    });
  });

  test("leaves nothing: no group, no state, no namespace, no tag, no deployment", async () => {
    const { azure, registry } = preview.scene;
    expect(azure.arm.find(group())).toBeUndefined();
    expect(azure.blobs.names(ACCOUNT, CONTAINER)).toEqual([]);
    expect(await kubectl("get", "namespace", preview.namespace, "--ignore-not-found")).toBe("");
    expect((await registry.contents())["team/web"]?.tags ?? {}).toEqual({});
    expect(github().deployments(preview.repository)).toEqual([]);
  });

  test("has shown no token, nor has the run before it", () => {
    const { tokens } = preview.scene.tap;
    expect(tokens.size).toBeGreaterThan(4);
    const holders = [opened, run].flatMap(({ text, stderr }) =>
      [...tokens].filter((it) => `${text}${stderr}`.includes(it)),
    );
    expect(holders).toHaveLength(0);
  });

  test("says so in the same comment", () => {
    expect(shown().map(({ body }) => body)).toEqual([expect.stringContaining("`pr-12` is gone")]);
    expect(shown()[0]?.body).toContain("2 image tags removed");
    expect(shown()[0]?.body).toMatch(/ARM lists no resource group .*\n.*The cluster has no namespace/);
  });
});
