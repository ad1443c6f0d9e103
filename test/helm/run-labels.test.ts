import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type RunFacts, readRunLabels, renderRunLabels } from "../../src/helm/run-labels.ts";

const JOB: RunFacts = {
  repositoryId: "42",
  runId: 123,
  attempt: 2,
  job: "deploy",
  runnerEnvironment: "github-hosted",
};

describe("labels of a run", () => {
  test("say who made which revision", () => {
    expect(renderRunLabels(JOB, 7)).toEqual({
      "mayfly-repository-id": "42",
      "mayfly-run-id": "123",
      "mayfly-run-attempt": "2",
      "mayfly-job": "deploy",
      "mayfly-runner": "github-hosted",
      "mayfly-revision": "7",
    });
  });

  test("are taken away where no run works, so that an earlier one's do not stay", () => {
    const labels = renderRunLabels({ ...JOB, runId: undefined }, 7);
    expect(new Set(Object.values(labels))).toEqual(new Set(["null"]));
    expect(readRunLabels(labels)).toBeUndefined();
  });

  test("come back as they were, and Kubernetes takes them all", () => {
    const job = fc.record({
      repositoryId: fc.integer({ min: 1, max: 2 ** 40 }).map(String),
      runId: fc.integer({ min: 1, max: 2 ** 45 }),
      attempt: fc.integer({ min: 1, max: 999 }),
      job: fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,100}$/)),
      runnerEnvironment: fc.constantFrom("github-hosted" as const, "self-hosted" as const),
    });
    fc.assert(
      fc.property(job, fc.integer({ min: 1, max: 100_000 }), (facts, revision) => {
        const labels = renderRunLabels(facts, revision);
        const wrong = Object.values(labels).filter(
          (value) => !/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value),
        );
        expect(wrong).toEqual([]);
        const { job: name, ...rest } = facts;
        expect(readRunLabels(labels)).toMatchObject({ ...rest, revision });
      }),
    );
  });

  test.each(["mayfly-repository-id", "mayfly-run-id", "mayfly-run-attempt", "mayfly-runner", "mayfly-revision"])(
    "are none at all without a whole %s",
    (name) => {
      for (const odd of ["", "0", "-1", "1.5", "1e3", "x", "99999999999999999999999"]) {
        const labels: Record<string, string> = { ...renderRunLabels(JOB, 7), [name]: odd };
        // A repository's id is a text, however long.
        if (name !== "mayfly-repository-id" || odd.length < 20) expect(readRunLabels(labels)).toBeUndefined();
      }
      const { [name]: _, ...others } = renderRunLabels(JOB, 7);
      expect(readRunLabels(others)).toBeUndefined();
    },
  );
});
