import { isContentTag } from "./purge-environment.ts";
import type { Variable } from "./tag-variables.ts";

const OF_A_REF: ReadonlySet<Variable> = new Set(["branch", "head-branch", "tag"]);
const OF_A_BRANCH: ReadonlySet<Variable> = new Set(["branch", "head-branch"]);

/**
 * Why a tag may not come from the name of a branch or git tag: it means something else here, and whoever may push a
 * branch would decide on that. Undefined when it may.
 *
 * @param versioned whether lines of the same list make tags of versions.
 */
export function findReservation(name: string, variables: readonly Variable[], versioned: boolean): string | undefined {
  if (!variables.some((variable) => OF_A_REF.has(variable))) return undefined;
  if (name === "latest")
    return 'the tag latest moves by the input "latest" only, whatever a branch or git tag is called';
  if (!variables.includes("number") && /^pr-[1-9]\d*(?:-[0-9a-f]{7,40})?$/.test(name))
    return `${name} would pass for a pull request's image, and go with that pull request`;
  if (isContentTag(name)) return `${name} would pass for the name of a build's content`;
  const ofBranch = versioned && variables.some((variable) => OF_A_BRANCH.has(variable));
  return ofBranch && /^\d+(?:\.\d+){0,2}$/.test(name) ? `${name} would pass for a release of that version` : undefined;
}
