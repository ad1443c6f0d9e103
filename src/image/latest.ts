import compareSemver from "semver/functions/compare.js";
import parseSemver from "semver/functions/parse.js";
import type { GitFacts } from "./git-facts.ts";
import { parseReleaseVersion } from "./release-version.ts";

/** What happens to the tag `latest`, with the reason. */
export type Latest =
  | { readonly kind: "move"; readonly because: string }
  | { readonly kind: "leave"; readonly because: string };

export type LatestPolicy = "auto" | "always" | "never";

/**
 * Decides whether `latest` moves to what is built.
 *
 * Development (`dev-*`, in any name that the image has or comes from) and pull requests never become latest, not even
 * with `always`. `auto` moves it only for the highest release: a fix of an old line leaves it where it is.
 *
 * @param tags what the image is going to be tagged with.
 * @param existing every tag of the repository that is looked at; only `auto` needs them.
 */
export function decideLatest(
  policy: LatestPolicy,
  facts: GitFacts,
  tags: readonly string[],
  existing: readonly string[],
): Latest {
  if (policy === "never") return leave('"latest" is never');
  const development = [facts.branch, facts.tag, ...tags].find((name) => name !== undefined && /^dev[-/]/i.test(name));
  if (development !== undefined) return leave(`"${development}" is development, which is never latest`);
  if (facts.ofPullRequest) return leave("a pull request is never latest");
  if (policy === "always") return { kind: "move", because: '"latest" is always' };
  return decideByVersion(facts, existing);
}

function decideByVersion({ tag, markedPrerelease }: GitFacts, existing: readonly string[]): Latest {
  const version = tag === undefined ? undefined : parseReleaseVersion(tag);
  if (version === undefined) return leave("no version is released");
  if (version.prerelease) return leave(`${version.text} is a pre-release`);
  if (markedPrerelease) return leave("the release is marked as a pre-release");
  const higher = highest(existing.filter((name) => isRelease(name) && compare(name, version.text) > 0));
  if (higher !== undefined) return leave(`${higher} is higher than ${version.text}`);
  return { kind: "move", because: `no release is higher than ${version.text}` };
}

/** A tag that stays where it is, and why. */
export interface Outdated {
  readonly tag: string;
  readonly because: string;
}

/**
 * The tags `1` and `1.2` of a release that a higher one of the same line has already: a fix of an old line must not move
 * them back.
 *
 * @param existing every tag of the repository that is looked at.
 */
export function listOutdated(
  facts: GitFacts,
  tags: readonly string[],
  existing: readonly string[],
): readonly Outdated[] {
  const version = facts.tag === undefined ? undefined : parseReleaseVersion(facts.tag);
  if (version === undefined || version.prerelease) return [];
  const lines = [`${version.major}`, `${version.major}.${version.minor}`];
  return lines
    .filter((line) => tags.includes(line))
    .flatMap((tag) => {
      const ofLine = existing.filter((name) => isRelease(name) && `${name.replace(/^v/, "")}.`.startsWith(`${tag}.`));
      const higher = highest(ofLine.filter((name) => compare(name, version.text) > 0));
      return higher === undefined ? [] : [{ tag, because: `${higher} is higher than ${version.text}` }];
    });
}

/** Only whole versions count: `1` and `1.2` move with the releases that they belong to. */
function isRelease(name: string): boolean {
  return parseSemver(plus(name))?.prerelease.length === 0;
}

function highest(names: readonly string[]): string | undefined {
  return names.toSorted(compare).at(-1);
}

/** Builds of one version are equals, whatever stands behind the plus. */
function compare(one: string, other: string): number {
  return compareSemver(plus(one), plus(other));
}

/** In a registry an underscore stands for the plus. */
function plus(name: string): string {
  return name.replace("_", "+");
}

function leave(because: string): Latest {
  return { kind: "leave", because };
}
