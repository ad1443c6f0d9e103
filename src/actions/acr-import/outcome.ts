/** What became of one image in one registry. */
export type Outcome =
  /** The digest was not there, was copied, and answers now. `replaced` is what the tag stood on before. */
  | { readonly kind: "imported"; readonly digest: string; readonly replaced: string | undefined }
  /** The tag stands on the source's digest already. */
  | { readonly kind: "there"; readonly digest: string }
  /** `mode: skip` left another digest alone. */
  | { readonly kind: "left"; readonly digest: string; readonly because: string }
  | { readonly kind: "would-import"; readonly digest: string; readonly replaced: string | undefined }
  | { readonly kind: "failed"; readonly code: string; readonly because: string }
  /** ARM accepted it, or may have, and nobody waited for the end. */
  | { readonly kind: "unfinished"; readonly because: string }
  | { readonly kind: "not-started"; readonly because: string };

/** The groups in which outcomes are counted. */
export type Tally = "imported" | "skipped" | "failed" | "unfinished" | "planned";

export const TALLY: Readonly<Record<Outcome["kind"], Tally>> = {
  imported: "imported",
  there: "skipped",
  left: "skipped",
  "would-import": "planned",
  failed: "failed",
  unfinished: "unfinished",
  "not-started": "unfinished",
};

/** One line that says how an image fared. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "imported":
      return outcome.replaced === undefined
        ? `imported ${shortDigest(outcome.digest)}`
        : `imported ${shortDigest(outcome.digest)} in place of ${shortDigest(outcome.replaced)}`;
    case "there":
      return `${shortDigest(outcome.digest)} was there already`;
    case "left":
      return `left alone: ${outcome.because}`;
    case "would-import":
      return outcome.replaced === undefined
        ? `would import ${shortDigest(outcome.digest)}`
        : `would import ${shortDigest(outcome.digest)} in place of ${shortDigest(outcome.replaced)}`;
    case "failed":
      return `failed: ${outcome.because}`;
    case "unfinished":
      return `still being copied: ${outcome.because}`;
    case "not-started":
      return `not started: ${outcome.because}`;
  }
}

/** A text with its digests as people compare them: the first twelve hex digits tell two images apart. */
export function shortDigest(text: string): string {
  return text.replace(/\b(sha\d{3}:[0-9a-f]{12})[0-9a-f]+/g, "$1");
}
