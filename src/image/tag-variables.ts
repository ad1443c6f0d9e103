import type { GitFacts } from "./git-facts.ts";
import { parseReleaseVersion, type ReleaseVersion } from "./release-version.ts";
import { slug } from "./slug.ts";

/** What may stand in braces in a line of `tags`. */
export const VARIABLES = [
  "sha",
  "short-sha",
  "number",
  "branch",
  "head-branch",
  "tag",
  "version",
  "major",
  "minor",
  "patch",
] as const;

export type Variable = (typeof VARIABLES)[number];

/** Whether a name is one of `VARIABLES`. */
export function isVariable(name: string): name is Variable {
  return VARIABLES.some((variable) => variable === name);
}

/** A value that may stand anywhere in a tag, or why this event has none. */
export type VariableValue = { readonly value: string } | { readonly because: string };

/** What a variable stands for in this run. */
export function explainVariable(variable: Variable, facts: GitFacts): VariableValue {
  return READERS[variable](facts);
}

const SHORT_SHA = 7;

const READERS: Readonly<Record<Variable, (facts: GitFacts) => VariableValue>> = {
  sha: ({ headSha }) => known(headSha, "this event does not say which commit it is about"),
  "short-sha": ({ headSha }) => known(headSha?.slice(0, SHORT_SHA), "this event does not say which commit it is about"),
  number: ({ pullRequest, ofPullRequest }) =>
    known(
      pullRequest?.toString(),
      ofPullRequest ? "this event does not give the pull request's number" : "this is no pull request",
    ),
  branch: readBranch,
  "head-branch": readHeadBranch,
  tag: ({ tag }) => known(tag === undefined ? undefined : slug(tag), "no git tag was pushed"),
  // A plus may not stand in a tag; an underscore takes its place, as helm does it in registries.
  version: (facts) => ofVersion(facts, ({ text }) => text.replace("+", "_")),
  major: (facts) => ofRelease(facts, ({ major }) => major),
  minor: (facts) => ofRelease(facts, ({ minor }) => minor),
  patch: (facts) => ofRelease(facts, ({ patch }) => patch),
};

/**
 * Only a branch that itself is built has a moving tag: a pull request's image under the name of a branch would pass for
 * that branch, and no purge would find it.
 */
function readBranch({ branch, ofPullRequest, fromFork, tag }: GitFacts): VariableValue {
  if (ofPullRequest)
    return { because: "a pull request is no branch: it has {number}, and {head-branch} names its branch" };
  if (fromFork !== false) return { because: "the branch is not known to be one of this repository" };
  return known(
    branch === undefined ? undefined : slug(branch),
    tag === undefined ? "no branch is built" : "a git tag is built",
  );
}

function readHeadBranch({ branch, ofPullRequest, fromFork }: GitFacts): VariableValue {
  if (!ofPullRequest) return { because: "this is no pull request" };
  if (fromFork !== false)
    return { because: "the pull request may come from a fork, whose branches may have our names" };
  return known(branch === undefined ? undefined : slug(branch), "this event does not name the branch");
}

function ofVersion(facts: GitFacts, read: (version: ReleaseVersion) => string): VariableValue {
  if (facts.tag === undefined) return { because: "no git tag was pushed" };
  const version = parseReleaseVersion(facts.tag);
  return version === undefined
    ? { because: `the git tag "${facts.tag}" holds no version such as v1.2.3` }
    : { value: read(version) };
}

/** Parts of a version move with each release, and a pre-release must not move them. */
function ofRelease(facts: GitFacts, read: (version: ReleaseVersion) => number): VariableValue {
  const version = facts.tag === undefined ? undefined : parseReleaseVersion(facts.tag);
  if (version === undefined) return ofVersion(facts, () => "");
  if (version.prerelease) return { because: `${version.text} is a pre-release` };
  if (facts.markedPrerelease) return { because: "the release is marked as a pre-release" };
  return { value: `${read(version)}` };
}

function known(value: string | undefined, because: string): VariableValue {
  return value === undefined ? { because } : { value };
}
