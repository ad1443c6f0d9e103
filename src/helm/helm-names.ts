/** Helm keeps each revision in an object whose name is longer than the release's. */
const LONGEST_RELEASE = 53;
const LONGEST_LABEL = 63;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Why a text is no name of a release; undefined when it is one. */
export function findReleaseNameFault(name: string): string | undefined {
  if (name.length <= LONGEST_RELEASE && name !== "" && name.split(".").every((part) => LABEL.test(part))) {
    return undefined;
  }
  return `expected up to ${LONGEST_RELEASE} of a-z, 0-9, - and ., a letter or digit first and last, got ${JSON.stringify(name)}`;
}

/** Why a text is no name of a namespace; undefined when it is one. */
export function findNamespaceFault(name: string): string | undefined {
  if (name.length <= LONGEST_LABEL && LABEL.test(name)) return undefined;
  return `expected up to ${LONGEST_LABEL} of a-z, 0-9 and -, a letter or digit first and last, got ${JSON.stringify(name)}`;
}

/** The part of a text that may be the value of a label. */
export function fitLabel(text: string): string {
  const kept = text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[._-]+/, "");
  return kept.slice(0, LONGEST_LABEL).replace(/[._-]+$/, "");
}
