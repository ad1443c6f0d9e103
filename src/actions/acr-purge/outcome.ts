/** What became of a tag or a manifest that the plan wanted gone. */
export type Outcome =
  /** `windowMs`: from the last look to the DELETE. */
  | { readonly kind: "removed"; readonly windowMs: number | undefined }
  /** Somebody else was quicker. */
  | { readonly kind: "gone" }
  /** The last look spoke against it. */
  | { readonly kind: "kept"; readonly because: string }
  | { readonly kind: "locked"; readonly because: string }
  | { readonly kind: "failed"; readonly code: string; readonly because: string }
  /** A DELETE was sent, and the run ended before its answer. */
  | { readonly kind: "asked"; readonly because: string }
  | { readonly kind: "not-started"; readonly because: string };

/** One tag or manifest of a repository. */
export interface Item {
  readonly repository: string;
  readonly kind: "tag" | "manifest";
  /** The tag, or the digest. */
  readonly name: string;
  /** The digest under the tag, or the manifest's own. */
  readonly digest: string;
}

export interface ItemRecord {
  readonly item: Item;
  readonly outcome: Outcome;
}

/** One line that says how a tag or manifest fared. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "removed":
      return "removed";
    case "gone":
      return "was gone before its turn";
    case "kept":
      return `kept: ${outcome.because}`;
    case "locked":
      return `locked: ${outcome.because}`;
    case "failed":
      return `failed: ${outcome.because}`;
    case "asked":
      return `the delete was sent, and ${outcome.because} before its answer was known`;
    case "not-started":
      return `not started: ${outcome.because}`;
  }
}

/** A tag or a manifest as its repository calls it. */
export function renderItem({ repository, kind, name }: Item): string {
  return kind === "tag" ? `${repository}:${name}` : `${repository}@${name}`;
}
