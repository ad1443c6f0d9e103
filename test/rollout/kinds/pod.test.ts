import { describe, expect, test } from "@jest/globals";
import { judge } from "../../../src/rollout/judge.ts";
import { ended, PATIENCE, pod, snapshot, want } from "../objects.ts";

describe("a pod that nobody owns", () => {
  const once = (restartPolicy: string, exitCode: number) =>
    pod("once", {
      phase: "Running",
      ready: true,
      spec: { restartPolicy },
      containers: [{ name: "main", state: ended(exitCode, "Error", 2) }],
    });
  const verdictOn = (object: ReturnType<typeof pod>) => judge(snapshot(3, [want(object)], [object]), PATIENCE);

  test("has failed when a container has that is never started again, also while its phase still says Running", () => {
    expect(verdictOn(once("Never", 9))).toMatchObject({
      state: "failed",
      causes: [{ code: "pod/failed", container: "main", sentence: expect.stringContaining("ended with 9") }],
    });
  });

  test("has not failed while its container is started again, or has ended well", () => {
    expect(verdictOn(once("OnFailure", 9)).state).not.toBe("failed");
    expect(verdictOn(once("Never", 0)).state).not.toBe("failed");
  });
});
