import { describe, expect, test } from "@jest/globals";
import { listNearMisses, traceSubject } from "../../src/oidc/subject-trace.ts";
import { makeClaims } from "./claims.ts";

const trace = (change: Parameters<typeof makeClaims>[0]) => traceSubject(makeClaims(change)).join("\n");

describe("why the subject is what it is", () => {
  test("an environment hides branch and event", () => {
    expect(trace({})).toContain('the job has "environment: preview"');
    expect(trace({})).toContain("immutable form");
  });

  test("a pull request without environment has one subject for all", () => {
    const text = trace({ subject: "repo:octo/app:pull_request" });
    expect(text).toContain("classic form");
    expect(text).toContain("every pull request of the repository has this subject");
  });

  test("any other event takes the run's ref", () => {
    const text = trace({ subject: "repo:octo/app:ref:refs/tags/v1", eventName: "release" });
    expect(text).toContain("the event is release, not pull_request");
    expect(text).toContain("refs/tags/v1");
  });

  test("pull_request_target carries the base branch's subject, and is warned of", () => {
    const text = trace({ subject: "repo:octo/app:ref:refs/heads/main", eventName: "pull_request_target" });
    expect(text).toContain("never run their code");
  });

  test("a merge queue's branch can match no credential", () => {
    const subject = "repo:octo/app:ref:refs/heads/gh-readonly-queue/main/pr-7-abc";
    expect(trace({ subject, eventName: "merge_group" })).toContain("give the job an environment");
  });

  test("a called workflow keeps its caller's subject", () => {
    const jobWorkflowRef = "octo/shared/.github/workflows/deploy.yml@v1";
    expect(trace({ jobWorkflowRef })).toContain(`reusable workflow ${jobWorkflowRef}`);
  });

  test("a customised template is named, whether it adds or replaces", () => {
    expect(trace({ subject: "repo:octo/app:pull_request:actor:mona" })).toContain('adds "actor:mona"');
    expect(trace({ subject: "actor:mona" })).toContain("customization/sub");
  });
});

describe("subjects that look right and do not match", () => {
  const subjects = (change: Parameters<typeof makeClaims>[0]) =>
    listNearMisses(makeClaims(change)).map((one) => one.subject);

  test("are the other form, the branch and the pull request that an environment hides", () => {
    expect(subjects({})).toEqual([
      "repo:octo/app:environment:preview",
      "repo:octo@1/app@2:ref:refs/heads/main",
      "repo:octo@1/app@2:pull_request",
    ]);
  });

  test("of a classic subject, the immutable form that the repository may present one day", () => {
    expect(subjects({ subject: "repo:octo/app:ref:refs/heads/main" })).toEqual([
      "repo:octo@1/app@2:ref:refs/heads/main",
    ]);
  });

  test("never hold the subject itself", () => {
    for (const subject of ["repo:octo/app:pull_request", "repo:octo@1/app@2:environment:preview", "actor:mona"]) {
      expect(subjects({ subject })).not.toContain(subject);
    }
  });
});
