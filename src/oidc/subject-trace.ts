import type { IdTokenClaims } from "./claims.ts";
import { isImmutable, parseSubject, renderSubject, type Subject } from "./subject.ts";

/**
 * Why GitHub made the subject what it is, rule by rule in GitHub's order, one line each.
 *
 * @see https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
export function traceSubject(claims: IdTokenClaims): readonly string[] {
  const subject = parseSubject(claims.subject);
  if (subject === undefined) {
    return [
      "the subject follows a template of your organisation or repository, not GitHub's default: " +
        "GET /repos/{owner}/{repo}/actions/oidc/customization/sub shows it",
      ...traceCaller(claims),
    ];
  }
  return [traceForm(subject), ...traceContext(subject, claims), ...traceMore(subject), ...traceCaller(claims)];
}

function traceForm(subject: Subject): string {
  return isImmutable(subject)
    ? "immutable form: the repository was made, renamed or transferred after 15 July 2026, or has opted in; " +
        "the numbers are the ids of owner and repository"
    : "classic form: the repository is older than 15 July 2026 and has not opted in to immutable subjects";
}

function traceContext(subject: Subject, claims: IdTokenClaims): readonly string[] {
  const event = claims.eventName ?? "unknown";
  switch (subject.context.kind) {
    case "environment":
      return [
        `the job has "environment: ${subject.context.name}": the environment counts and hides branch, tag and event (${event})`,
      ];
    case "pull_request":
      return [
        "the job has no environment",
        `the event is ${event}: every pull request of the repository has this subject`,
      ];
    case "ref":
      return [
        "the job has no environment",
        `the event is ${event}, not pull_request: the run's branch or tag counts (${subject.context.ref})`,
        ...(claims.eventName === "pull_request_target"
          ? [
              "pull_request_target runs with the base branch's subject, also for forks: never run their code in this job",
            ]
          : []),
        ...(claims.eventName === "merge_group"
          ? ["a merge queue makes a new branch each time: give the job an environment, or no credential can match"]
          : []),
      ];
  }
}

function traceMore(subject: Subject): readonly string[] {
  return subject.more === "" ? [] : [`a customised template adds "${subject.more.slice(1)}"`];
}

function traceCaller(claims: IdTokenClaims): readonly string[] {
  const { jobWorkflowRef, workflowRef } = claims;
  if (jobWorkflowRef === undefined || jobWorkflowRef === workflowRef) return [];
  return [`the job runs in the reusable workflow ${jobWorkflowRef}: the subject is its caller's all the same`];
}

/** Subjects that people make credentials for where this one is needed; none of them matches it. */
export function listNearMisses(claims: IdTokenClaims): readonly { readonly subject: string; readonly why: string }[] {
  const subject = parseSubject(claims.subject);
  if (subject === undefined) return [];
  const misses: { subject: string; why: string }[] = [];
  const miss = (change: Partial<Subject>, why: string): void => {
    misses.push({ subject: renderSubject({ ...subject, ...change }), why });
  };
  if (isImmutable(subject)) {
    miss({ ownerId: undefined, repositoryId: undefined }, "the classic form, without ids");
  } else if (claims.repositoryOwnerId !== undefined && claims.repositoryId !== undefined) {
    miss({ ownerId: claims.repositoryOwnerId, repositoryId: claims.repositoryId }, "the immutable form, with ids");
  }
  const ofBranch = claims.ref?.startsWith("refs/heads/") || claims.ref?.startsWith("refs/tags/");
  if (subject.context.kind !== "ref" && claims.ref !== undefined && ofBranch) {
    miss({ context: { kind: "ref", ref: claims.ref } }, "of the branch or tag, which does not count here");
  }
  if (subject.context.kind === "environment" && claims.eventName === "pull_request") {
    miss({ context: { kind: "pull_request" } }, "of pull requests, which an environment hides");
  }
  return misses;
}
