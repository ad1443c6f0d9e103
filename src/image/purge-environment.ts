import { type Parsed, refuse } from "./problem.ts";

/** The environment of one pull request, as its tags are called. */
export interface PurgeEnvironment {
  /** `pr-12`. */
  readonly name: string;
  readonly pullRequest: number;
}

/**
 * The environment whose tags are to go: `pr-12`, or the pull request's number alone. A shared environment has no tags of
 * its own, so nothing else is taken.
 *
 * Problems have the code `purge-environment-invalid`.
 */
export function parsePurgeEnvironment(text: string): Parsed<PurgeEnvironment> {
  const number = /^(?:pr-)?([1-9]\d{0,9})$/.exec(text)?.[1];
  if (number === undefined) {
    return refuse(
      "purge-environment-invalid",
      `"${text}" is no pull request's environment: write pr-<number>, such as pr-12. Only tags pr-<number> and pr-<number>-<sha> are ever removed.`,
    );
  }
  return { value: { name: `pr-${number}`, pullRequest: Number(number) } };
}

/** Whether a tag is the environment's: `pr-12` or `pr-12-<7 to 40 hex digits>`, and never one of pull request 120. */
export function isTagOf(tag: string, { name }: PurgeEnvironment): boolean {
  return tag === name || (tag.startsWith(`${name}-`) && /^[0-9a-f]{7,40}$/.test(tag.slice(name.length + 1)));
}

/** Whether a tag only names content, for builds to be skipped: nobody deploys by it. */
export function isContentTag(tag: string): boolean {
  return /^ctx-[0-9a-f]{16,64}$/.test(tag);
}

/**
 * Whether a tag only carried one platform's image to where it became a part of an index (`ctx-<hash>-linux-arm64`): ACR
 * Tasks push under tags alone.
 */
export function isCarrierTag(tag: string): boolean {
  return /^ctx-[0-9a-f]{16,64}-[a-z0-9]+(?:-[a-z0-9_]+){1,2}$/.test(tag);
}
