import parseSemver from "semver/functions/parse.js";

/** A release's version as a git tag names it. */
export interface ReleaseVersion {
  /** `1.2.3`, `1.2.3-rc.1`, `1.2.3-rc.1+build.5`; without a `v`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: boolean;
  /** What stands before it in a repository of many parts: `api/`, `api-`, `@org/api@`; empty mostly. */
  readonly prefix: string;
}

/**
 * The version in a git tag, by the rules of semver: `v1.2.3`, `1.2.3-rc.1`, and with the name of a part before it
 * `api/v1.2.3`, `api-v1.2.3`, `@org/api@1.2.3`. Undefined when there is none; `v1.2` is none.
 */
export function parseReleaseVersion(tag: string): ReleaseVersion | undefined {
  // From the left, so that "1.2.3-4.5.6" is a pre-release of 1.2.3, not version 4.5.6 of a part called 1.2.3.
  const starts = [0, ...[...tag.matchAll(/[/@_-]/g)].map(({ index }) => index + 1)];
  for (const start of starts) {
    const rest = tag.slice(start);
    const version = /^v?\d/.test(rest) ? parseSemver(rest) : null;
    if (version === null) continue;
    const build = version.build.length === 0 ? "" : `+${version.build.join(".")}`;
    return {
      text: `${version.version}${build}`,
      major: version.major,
      minor: version.minor,
      patch: version.patch,
      prerelease: version.prerelease.length > 0,
      prefix: tag.slice(0, start),
    };
  }
  return undefined;
}
