/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** The name as a part of a path. @throws Error for one that no repository can have: `..` would lead elsewhere */
export function checkName(name: string): string {
  if (name.length > 255 || !NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no repository's name`);
  return name;
}

/** A tag or digest as a part of a path. @throws Error for anything else */
export function checkReference(reference: string): string {
  if (!TAG.test(reference) && !DIGEST.test(reference)) {
    throw new Error(`${JSON.stringify(reference)} is neither a tag nor a digest`);
  }
  return reference;
}

/** Whether a text is a digest that can be checked. */
export function isDigestText(text: string): boolean {
  return DIGEST.test(text);
}

/** A digest as a part of a path. @throws Error for anything else */
export function checkDigest(digest: string): string {
  if (!DIGEST.test(digest)) throw new Error(`${JSON.stringify(digest)} is no digest`);
  return digest;
}
