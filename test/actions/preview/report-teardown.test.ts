import { describe, expect, test } from "@jest/globals";
import { NO_STATE, parseState, renderState } from "../../../src/preview/comment-state.ts";
import { createStage, group, namespace, play, pull, type Stage, SUBSCRIPTION, TAGS } from "./stage.ts";
import { SHA } from "./stories.ts";

const MARKER = "<!-- mayfly:preview:pr-12 -->";
/** What destroy-environment gives. */
const DESTROYED = {
  receipt: JSON.stringify({
    helm: { status: "uninstalled", release: "shop", namespace: "pr-12-599293758", "namespace-deleted": "true" },
    terraform: { destroy: "18", "error-code": "" },
    images: { untagged: "2" },
  }),
  "failed-step": "",
  "error-code": "",
  untagged: "2",
  "manifests-deleted": "3",
};

function tornDown(other: Partial<Stage> = {}): Stage {
  const stage = createStage({ pull: pull({ state: "closed" }), ...other });
  stage.comments.set(12, `${MARKER}\n${renderState({ ...NO_STATE, phase: "destroying", headSha: SHA })}\n`);
  stage.deployments.push(
    { id: 1, sha: SHA, environment: "preview", task: "mayfly:pr-12", createdAt: new Date(0), statuses: [] },
    { id: 2, sha: SHA, environment: "preview", task: "mayfly:pr-13", createdAt: new Date(0), statuses: [] },
  );
  return stage;
}
const report = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  play(stage, { command: "report", "pull-request": "12", teardown: JSON.stringify(DESTROYED), ...inputs });
const commentOf = (stage: Stage): string => stage.comments.get(12) ?? "";

describe("a teardown that left nothing", () => {
  test("gives a receipt of what was done, and of what ARM and the cluster say", async () => {
    const stage = tornDown();
    const { result } = await report(stage);
    expect(result.failure).toBeUndefined();
    const text = commentOf(stage);
    expect(text).toContain("### 🧹 `pr-12` is gone");
    for (const line of [
      "- 🧹 Release shop uninstalled",
      "- 🧹 Namespace pr\\-12\\-599293758 deleted",
      "- 🧹 18 resources destroyed by terraform",
      "- 🧹 2 image tags removed, 3 manifests deleted",
      "- ✅ ARM lists no resource group with the tags mayfly\\-environment\\=pr\\-12 of repository 599293758, among 1 that the identity sees.",
      "- ✅ The cluster has no namespace with the labels",
    ]) {
      expect(text).toContain(line);
    }
    expect(parseState(text)).toMatchObject({ phase: "destroyed", url: undefined, expiresAt: undefined });
    expect(JSON.parse(String(result.outputs.receipt))).toMatchObject({ standing: [] });
  });

  test("calls nothing gone while a namespace is noted in a cluster that it was not given", async () => {
    const stage = tornDown({ cluster: false });
    const noted = { ...NO_STATE, phase: "destroying", cluster: "aks-shop", namespace: "pr-12-599293758" };
    stage.comments.set(12, `${MARKER}\n${renderState(noted)}\n`);
    const { result } = await report(stage);
    expect(result.failure).toMatchObject({ code: "preview-unseen" });
    expect(result.failure?.message).toContain("give the input cluster");
    expect(commentOf(stage)).not.toContain("is gone");
    expect(parseState(commentOf(stage))).toMatchObject({ phase: "not-gone", namespace: "pr-12-599293758" });
    const given = { ...stage, cluster: true };
    expect((await report(given)).result.failure).toBeUndefined();
    expect(parseState(commentOf(given))).toMatchObject({
      phase: "destroyed",
      cluster: undefined,
      namespace: undefined,
    });
  });

  test("takes its deployments off the pull request, and no other's", async () => {
    const stage = tornDown();
    await report(stage);
    expect(stage.deployments.map(({ task }) => task)).toEqual(["mayfly:pr-13"]);
  });

  test("says nothing where nobody heard of a preview", async () => {
    const stage = tornDown();
    stage.comments.clear();
    await report(stage);
    expect(stage.comments.size).toBe(0);
  });

  test("offers commands where the pull request is open, and none where it is closed", async () => {
    const closed = tornDown();
    await report(closed);
    expect(commentOf(closed)).not.toContain("/preview`");
    const open = tornDown({ pull: pull() });
    await report(open);
    expect(commentOf(open)).toContain("| `/preview` |");
  });

  test("waits for what is being deleted, and no longer than it should", async () => {
    const stage = tornDown();
    const from = stage.now.getTime();
    stage.groups.push(group("shop-pr-12", { provisioningState: "Deleting" }));
    stage.onLook = () => {
      if (stage.now.getTime() - from > 60_000) stage.groups.length = 1;
    };
    expect((await report(stage)).result.failure).toBeUndefined();
    const stuck = tornDown();
    stuck.groups.push(group("shop-pr-12", { provisioningState: "Deleting" }));
    const { result } = await report(stuck, { "deletion-wait": "5m" });
    expect(result.failure?.code).toBe("preview-not-gone");
    expect(stuck.now.getTime() - from).toBeLessThanOrEqual(5 * 60_000);
  });

  test("says what failed on the way", async () => {
    const stage = tornDown();
    const teardown = { ...DESTROYED, "failed-step": "terraform", "error-code": "destroy-incomplete" };
    await report(stage, { teardown: JSON.stringify(teardown) });
    expect(commentOf(stage)).toContain("terraform failed \\(destroy\\-incomplete\\) during the teardown");
    expect(commentOf(stage)).toContain("is gone");
  });

  test("warns where the identity may see nothing, which proves little", async () => {
    const stage = tornDown();
    stage.groups.length = 0;
    const { warnings } = await report(stage);
    expect(warnings.join()).toContain("shows this identity no resource group at all");
  });
});

describe("a teardown that left something", () => {
  const at = "2026-11-22T09:00:00Z";
  const expired = { ...TAGS, "expires-at": at };
  const lock = { id: "l", name: "keep", level: "CanNotDelete", scope: group("shop-pr-12").id };
  const named = `shop-pr-12 --subscription ${SUBSCRIPTION}`;
  test.each<readonly [string, Partial<Stage>, string, string]>([
    [
      "a group that has expired",
      { groups: [group("shop-pr-12", { tags: expired })] },
      "resource group shop-pr-12: it has expired: the reaper deletes it in its next sweep.",
      `az group delete --yes --name ${named}`,
    ],
    [
      "a locked group",
      { groups: [group("shop-pr-12", { tags: expired })], locks: [lock] },
      'resource group shop-pr-12: CanNotDelete lock "keep"',
      `az lock list --resource-group ${named}`,
    ],
    [
      "a group that nobody may delete",
      { groups: [group("shop-pr-12", { tags: { ...expired, "auto-destroy": "false" } })] },
      "resource group shop-pr-12: auto-destroy is false",
      `az group delete --yes --name ${named}`,
    ],
    [
      "a namespace that hangs",
      { namespaces: [namespace("pr-12-1", { deleting: true, heldBy: ["finalizers of the namespace: x"] })] },
      "namespace pr-12-1: it is being deleted, and held up: finalizers of the namespace: x",
      "kubectl get namespace pr-12-1",
    ],
    [
      "a namespace",
      { namespaces: [namespace("pr-12-1")] },
      "namespace pr-12-1: nothing has deleted it",
      "kubectl delete namespace pr-12-1",
    ],
  ])("fails by %s, and names it with the line that mends it", async (_, other, because, mend) => {
    const stage = tornDown(other);
    const { result, summary } = await report(stage, { "deletion-wait": "0s" });
    expect(result.failure?.code).toBe("preview-not-gone");
    expect(result.failure?.message).toContain(because);
    expect(result.failure?.message).toContain(mend);
    for (const page of [commentOf(stage), summary]) {
      expect(page).toContain("`pr-12` is not gone");
      expect(page).toContain(mend);
    }
    expect(stage.deployments[0]?.statuses).toMatchObject([{ state: "inactive" }]);
  });

  test("does not take another environment's or repository's for its own", async () => {
    const others = [
      group("shop-pr-13", { tags: { ...TAGS, "mayfly-environment": "pr-13" } }),
      group("other-pr-12", { tags: { ...TAGS, "mayfly-repository-id": "1" } }),
    ];
    const { result } = await report(tornDown({ groups: others }));
    expect(result.failure).toBeUndefined();
  });
});

test("a teardown that nobody can look at has proven nothing", async () => {
  for (const other of [{ login: false }, { down: new Set(["arm"]) }]) {
    const stage = tornDown(other);
    const { result } = await report(stage);
    expect(result.failure?.code).toBe(other.login === false ? "preview-unseen" : "github-permission");
    expect(commentOf(stage)).toContain("is not gone");
    expect(stage.deployments).toHaveLength(2);
  }
});
