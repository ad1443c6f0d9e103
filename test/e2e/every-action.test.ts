import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { makeFolder, makeLayout, writeFolder } from "../registry/image-on-disk.ts";
import {
  expectDeclaredOutputs,
  expectEndsOnInterrupt,
  expectErrorWithoutCommandFiles,
  expectPermissionHint,
  expectPostWithoutState,
  expectRepeatablePost,
} from "../runner/action-checks.ts";
import { type ActionRun, runAction } from "../runner/run-action.ts";
import { asTeam, openScene, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

const ACTIONS = ["azure-login", "ttl-reaper", "acr-build-push"] as const;

/** A team that may also push to the registry `mayfly`. */
async function open(): Promise<Scene> {
  const scene = await openScene();
  const { azure, team } = scene;
  team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
  team.assign("AcrPush", azure.acr.addRegistry({ name: "mayfly", subscriptionId: team.subscriptionId }));
  return scene;
}

describe.each(ACTIONS)("%s", (action) => {
  let scene: Scene;
  let run: ActionRun;
  let workspace: Awaited<ReturnType<typeof makeFolder>>;
  beforeAll(async () => {
    scene = await open();
    workspace = await makeFolder();
    await writeFolder(workspace.path, (await makeLayout(["amd64"])).files);
    const { clientId, tenantId, subscriptionId } = scene.team;
    const ids = { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
    const inputs = {
      "azure-login": ids,
      "ttl-reaper": { ...asTeam(scene.team), "all-names": true },
      "acr-build-push": { ...ids, registry: "mayfly", images: "team/app", tags: "v1", from: "." },
    };
    const { permissions, idToken, ...base } = scene.base;
    const known = { ...base, ...(permissions && { permissions }), ...(idToken && { idToken }) };
    run = { ...known, action, with: inputs[action], workspace: workspace.path };
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  test("sets every output that its action.yml declares, and no other", async () => {
    const result = await runAction(run);
    expect(result.conclusion).toBe("success");
    expectDeclaredOutputs(run, result);
  });

  test("cleans up without state, and twice", async () => {
    await Promise.all([expectPostWithoutState(run), expectRepeatablePost(run)]);
  });

  test("names the permission that is missing", () => expectPermissionHint(run));

  test("does not fail silently when the command files are gone or cannot be written", () =>
    expectErrorWithoutCommandFiles(run));

  test.each([
    ["GitHub", /\/idtoken\//],
    ["Entra", /\/oauth2\/v2.0\/token/],
    ["ARM", /management\.azure\.com/],
    ...(action === "acr-build-push" ? [["the registry", /mayfly\.azurecr\.io/] as const] : []),
  ] as const)("ends by itself when the job is cancelled while %s does not answer", async (_, address) => {
    await using other = await open();
    other.tap.hold(address);
    const cancel = new AbortController();
    // The job is cancelled a little after the request that gets no answer.
    other.tap.listen((_request, url) => {
      if (address.test(url.href)) setTimeout(() => cancel.abort(), 50);
    });
    const { machineEnv = {}, idToken } = other.base;
    const cancelled: ActionRun = { ...run, machineEnv, ...(idToken && { idToken }), cancel: { signal: cancel.signal } };
    const { main, post } = await expectEndsOnInterrupt(cancelled, () => false);
    expect(main.outputs["error-code"]).toBe("cancelled");
    expect(post?.conclusion).toBe("success");
    expect(other.deletes()).toEqual([]);
  });
});
