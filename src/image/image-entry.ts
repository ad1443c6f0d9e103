/** How the value of a key is written: as the kinds of an action's inputs, which the keys are. */
export type EntryKind = "text" | "lines" | "key=value lines" | "flag";

/**
 * What an entry of a list of images may say: inputs of acr-build-push, but for what belongs to the job and not to the
 * image (ids, `push`, `dry-run`, tokens).
 */
export const ENTRY_KEYS = {
  name: "text",
  images: "lines",
  tags: "lines",
  latest: "text",
  context: "text",
  file: "text",
  target: "text",
  "build-args": "key=value lines",
  "build-contexts": "key=value lines",
  secrets: "lines",
  ssh: "lines",
  platforms: "lines",
  labels: "key=value lines",
  annotations: "key=value lines",
  "cache-from": "lines",
  "cache-to": "lines",
  provenance: "text",
  sbom: "flag",
  pull: "flag",
  "no-cache": "flag",
  builder: "text",
  "agent-pool": "text",
  "tasks-timeout": "text",
  "skip-if-unchanged": "flag",
  "write-once-tags": "lines",
  "scan-command": "text",
} as const satisfies Readonly<Record<string, EntryKind>>;

export type EntryKey = keyof typeof ENTRY_KEYS;

/**
 * One image of a list: each value is the text that the input of this name gets, so that what is not said and what is
 * `false` stay apart in an expression of GitHub's.
 */
export type ImageEntry = Readonly<Partial<Record<EntryKey, string>>> & {
  readonly name: string;
  readonly images: string;
};

/** Whether a name is one of `ENTRY_KEYS`. */
export function isEntryKey(name: string): name is EntryKey {
  return Object.hasOwn(ENTRY_KEYS, name);
}

/** What an image's name may be: it becomes the name of an artifact and a key in JSON. */
export const IMAGE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Why a text is no name of an image; undefined when it is one. */
export function findNameFault(name: string): string | undefined {
  return IMAGE_NAME.test(name) ? undefined : `expected letters, digits, - and _, got ${JSON.stringify(name)}`;
}
