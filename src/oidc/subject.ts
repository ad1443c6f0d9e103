/** What follows the repository in a subject made by GitHub's default template. */
export type SubjectContext =
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "ref"; readonly ref: string }
  | { readonly kind: "pull_request" };

/** A `sub` of a GitHub ID token, taken apart. `renderSubject` puts it together again, character by character. */
export interface Subject {
  readonly owner: string;
  /** Only in immutable subjects: `repo:OWNER@ID/REPO@ID:…`. */
  readonly ownerId: string | undefined;
  readonly repository: string;
  readonly repositoryId: string | undefined;
  readonly context: SubjectContext;
  /** Claims that a customised template adds behind the default ones, as `:key:value`. */
  readonly more: string;
}

const REPOSITORY = /^([^/:@]+)(?:@(\d+))?\/([^/:@]+)(?:@(\d+))?$/;

/**
 * A subject of the default template, classic or immutable; undefined for one that a customised template made in another
 * order or without the repository.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export function parseSubject(text: string): Subject | undefined {
  const [label, place, ...rest] = text.split(":");
  const found = label === "repo" ? REPOSITORY.exec(place ?? "") : null;
  const [, owner, ownerId, repository, repositoryId] = found ?? [];
  // Both ids or none: GitHub makes nothing in between.
  if (owner === undefined || repository === undefined || (ownerId === undefined) !== (repositoryId === undefined)) {
    return undefined;
  }
  const parsed = parseContext(rest);
  if (parsed === undefined) return undefined;
  return { owner, ownerId, repository, repositoryId, ...parsed };
}

function parseContext(parts: readonly string[]): Pick<Subject, "context" | "more"> | undefined {
  const [kind, value, ...rest] = parts;
  const behind = (left: readonly (string | undefined)[]): string => left.map((part) => `:${part}`).join("");
  if (kind === "pull_request") {
    return { context: { kind }, more: behind(parts.slice(1)) };
  }
  if (value === undefined || value === "") return undefined;
  if (kind === "environment") return { context: { kind, name: decodeColons(value) }, more: behind(rest) };
  if (kind === "ref") return { context: { kind, ref: decodeColons(value) }, more: behind(rest) };
  return undefined;
}

/** The exact text of a subject. */
export function renderSubject(subject: Subject): string {
  const id = (value: string | undefined): string => (value === undefined ? "" : `@${value}`);
  const place = `${subject.owner}${id(subject.ownerId)}/${subject.repository}${id(subject.repositoryId)}`;
  return `repo:${place}:${renderContext(subject.context)}${subject.more}`;
}

function renderContext(context: SubjectContext): string {
  switch (context.kind) {
    case "environment":
      return `environment:${encodeColons(context.name)}`;
    case "ref":
      return `ref:${encodeColons(context.ref)}`;
    case "pull_request":
      return "pull_request";
  }
}

/** True for `repo:OWNER@ID/REPO@ID:…`, which repositories made, renamed or transferred since 15 July 2026 present. */
export function isImmutable(subject: Subject): boolean {
  return subject.ownerId !== undefined;
}

// GitHub writes a colon inside a value as %3A, and nothing else in this way.
function encodeColons(value: string): string {
  return value.replaceAll(":", "%3A");
}

function decodeColons(value: string): string {
  return value.replaceAll("%3A", ":");
}
