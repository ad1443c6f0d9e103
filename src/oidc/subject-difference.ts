import { isImmutable, parseSubject, type Subject, type SubjectContext } from "./subject.ts";

/** One way in which two subjects differ, in words that name both sides. */
export interface Difference {
  readonly kind: "same" | "case" | "spaces" | "form" | "repository" | "context" | "more" | "text";
  readonly words: string;
}

/**
 * How the subject that was presented differs from the one that was needed. Entra compares them character by character,
 * case included. Never empty: two equal texts give one difference of kind `same`.
 */
export function compareSubjects(presented: string, needed: string): readonly Difference[] {
  if (presented === needed) return [{ kind: "same", words: "both are the same, character by character" }];
  if (presented === needed.trim()) {
    return [{ kind: "spaces", words: "the one needed has spaces around it" }];
  }
  if (presented.toLowerCase() === needed.toLowerCase()) return [compareCase(presented, needed)];
  const left = parseSubject(presented);
  const right = parseSubject(needed);
  const found = left === undefined || right === undefined ? [] : compareParts(left, right);
  return found.length > 0 ? found : [compareText(presented, needed)];
}

function compareParts(presented: Subject, needed: Subject): readonly Difference[] {
  const found: Difference[] = [];
  const place = (subject: Subject): string => `${subject.owner}/${subject.repository}`;
  const ids = (subject: Subject): string => `${subject.ownerId}/${subject.repositoryId}`;
  if (isImmutable(presented) !== isImmutable(needed)) {
    const name = (subject: Subject): string =>
      isImmutable(subject) ? "immutable (with ids)" : "classic (without ids)";
    found.push({ kind: "form", words: `presented is ${name(presented)}, needed is ${name(needed)}` });
  } else if (isImmutable(presented) && ids(presented) !== ids(needed)) {
    found.push({ kind: "repository", words: `ids: presented ${ids(presented)}, needed ${ids(needed)}` });
  }
  if (place(presented) !== place(needed)) {
    const onlyCase =
      place(presented).toLowerCase() === place(needed).toLowerCase() ? ", only in upper and lower case" : "";
    found.push({
      kind: "repository",
      words: `repository: presented ${place(presented)}, needed ${place(needed)}${onlyCase}`,
    });
  }
  const [left, right] = [describeContext(presented.context), describeContext(needed.context)];
  if (left !== right) {
    const onlyCase = left.toLowerCase() === right.toLowerCase() ? ", only in upper and lower case" : "";
    found.push({ kind: "context", words: `presented is of ${left}, needed is of ${right}${onlyCase}` });
  }
  if (presented.more !== needed.more) {
    const words = `claims behind: presented "${presented.more}", needed "${needed.more}"`;
    found.push({ kind: "more", words });
  }
  return found;
}

/** `environment "preview"`, `ref refs/heads/main` or `any pull request`. */
export function describeContext(context: SubjectContext): string {
  switch (context.kind) {
    case "environment":
      return `environment "${context.name}"`;
    case "ref":
      return `ref ${context.ref}`;
    case "pull_request":
      return "any pull request";
  }
}

function compareCase(presented: string, needed: string): Difference {
  const at = firstDifference(presented, needed);
  const pair = `"${presented[at] ?? ""}" presented, "${needed[at] ?? ""}" needed`;
  return { kind: "case", words: `only in upper and lower case, first at character ${at + 1}: ${pair}` };
}

function compareText(presented: string, needed: string): Difference {
  const at = firstDifference(presented, needed);
  const rest = (text: string): string => (text.length > at ? `"${text.slice(at, at + 40)}"` : "nothing more");
  return {
    kind: "text",
    words: `from character ${at + 1} on: presented ${rest(presented)}, needed ${rest(needed)}`,
  };
}

function firstDifference(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return at;
}
