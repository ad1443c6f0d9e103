/** What of a job decides the subject of its ID token. */
export interface SubjectFacts {
  /** `owner/name`, as GitHub spells it. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly ownerId: string;
  readonly event: string;
  readonly ref: string;
  readonly environment?: string;
  /** The form of repositories made, renamed or moved after 2026-07-15. */
  readonly immutableSubject?: boolean;
  /** `include_claim_keys` of a custom template; without it the default template. */
  readonly subjectTemplate?: readonly string[];
}

/**
 * The `sub` claim: the default template, first rule that fits, or a custom one.
 * `claims` gives the values of other keys of a template.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function subjectOf(job: SubjectFacts, claims: Readonly<Record<string, string>>): string {
  const keys = job.subjectTemplate ?? ["repo", "context"];
  return keys
    .map((key) => {
      if (key === "repo") return repositorySegment(job);
      if (key === "context") return context(job);
      return `${key}:${escaped(claims[key] ?? "")}`;
    })
    .join(":");
}

function repositorySegment({ repository, repositoryId, ownerId, immutableSubject }: SubjectFacts): string {
  const [owner = "", name = ""] = repository.split("/");
  return immutableSubject === true ? `repo:${owner}@${ownerId}/${name}@${repositoryId}` : `repo:${owner}/${name}`;
}

function context({ environment, event, ref }: SubjectFacts): string {
  if (environment !== undefined) return `environment:${escaped(environment)}`;
  if (event === "pull_request") return "pull_request";
  return `ref:${escaped(ref)}`;
}

/** A colon would be read as the next claim, so GitHub writes it as %3A. */
function escaped(value: string): string {
  return value.replaceAll(":", "%3A");
}
