import type { AcrLocks, AcrManifest, AcrTag } from "../../registry/registry.ts";
import { type Outcome, shortDigest } from "./outcome.ts";

export type Mode = "write-once" | "skip" | "force";

/** What to do next about one image in one registry. */
export type Step =
  | { readonly kind: "import"; readonly force: boolean; readonly replaced: string | undefined }
  /** Moving the tag is allowed only once its lock has been looked at. */
  | { readonly kind: "look-at-lock" }
  /** Two answers contradict each other: somebody is at it, so look again. */
  | { readonly kind: "again"; readonly because: string }
  | { readonly kind: "end"; readonly outcome: Outcome };

export interface Standing {
  /** The source's digest. */
  readonly wanted: string;
  /** What the target answers for the tag; undefined when it has nothing there. */
  readonly standing: string | undefined;
  readonly mode: Mode;
  /** ARM said that the tag exists, or that it made it, and the target has nothing there. */
  readonly broken: boolean;
}

/** Decides by what the target answers for the tag. */
export function decideStep({ wanted, standing, mode, broken }: Standing): Step {
  if (standing === wanted) return end({ kind: "there", digest: wanted });
  if (standing === undefined) {
    return broken ? { kind: "look-at-lock" } : { kind: "import", force: false, replaced: undefined };
  }
  if (mode === "force") return { kind: "look-at-lock" };
  const other = `the tag stands on ${standing}, and the source is ${wanted}`;
  if (mode === "skip") return end({ kind: "left", digest: standing, because: other });
  return fail("import-tag-taken", `${other}. A tag is written once: choose another one, or say mode: force`);
}

/** Repository, tag and manifest as the target keeps them: what says whether they are locked. */
export interface Kept {
  readonly repository: AcrLocks | undefined;
  readonly tag: AcrTag | undefined;
  readonly manifest: AcrManifest | undefined;
}

/**
 * Decides whether a tag may be moved. A push obeys a lock; a forced import does not, so only what is proven to be
 * unlocked is moved.
 */
export function decideMove({ wanted, standing, mode }: Standing, { repository, tag, manifest }: Kept): Step {
  if (tag === undefined) {
    if (standing === undefined) return { kind: "import", force: false, replaced: undefined };
    return { kind: "again", because: "the target answers for the tag and does not list it" };
  }
  if (repository === undefined)
    return { kind: "again", because: "the target does not tell whether the repository is locked" };
  if (!repository.writeEnabled) return fail("import-tag-locked", "the repository is locked; its lock says to leave it");
  if (!tag.writeEnabled)
    return fail("import-tag-locked", `the tag is locked on ${tag.digest}; its lock says to leave it`);
  if (standing === undefined) {
    // Nobody can pull it, so nothing is lost by copying the same digest to it once more.
    if (tag.digest === wanted || mode === "force") return { kind: "import", force: true, replaced: undefined };
    return fail("import-tag-taken", `the tag stands on ${tag.digest}, which is not there any more. Say mode: force`);
  }
  if (tag.digest !== standing)
    return { kind: "again", because: `the tag moved from ${shortDigest(standing)} to ${shortDigest(tag.digest)}` };
  if (manifest === undefined) return { kind: "again", because: `the target does not list ${shortDigest(standing)}` };
  if (!manifest.writeEnabled)
    return fail("import-tag-locked", `the image ${standing} is locked; its lock says to leave it`);
  return { kind: "import", force: true, replaced: standing };
}

function end(outcome: Outcome): Step {
  return { kind: "end", outcome };
}

function fail(code: string, because: string): Step {
  return end({ kind: "failed", code, because });
}
