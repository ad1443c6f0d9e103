import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
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

jest.setTimeout(30_000);

const ACTIONS = ["azure-login", "ttl-reaper"] as const;

describe.each(ACTIONS)("%s", (action) => {
  let scene: Scene;
  let run: ActionRun;
  beforeAll(async () => {
    scene = await openScene();
    const { clientId, tenantId, subscriptionId } = scene.team;
    const inputs = {
      "azure-login": { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId },
      "ttl-reaper": { ...asTeam(scene.team), "all-names": true },
    };
    const { permissions, idToken, ...base } = scene.base;
    run = { ...base, ...(permissions && { permissions }), ...(idToken && { idToken }), action, with: inputs[action] };
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

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

  test("ends by itself when the job is cancelled while a service does not answer", async () => {
    const release = scene.tap.hold(action === "azure-login" ? /\/oauth2\/v2.0\/token/ : /\/locks/);
    const result = await expectEndsOnInterrupt(run, (log) => log.includes("ID token url"));
    expect(result.main.durationMs).toBeLessThan(7_500);
    release();
  });
});
