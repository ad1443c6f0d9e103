/** Where images of one name are kept: a registry's host and the path in it. */
export interface Repository {
  /** Host, and port if any, as it stands in an image's name: `mayfly.azurecr.io`, `ghcr.io`. */
  readonly host: string;
  /** `team/app`. */
  readonly name: string;
}

/** `mayfly.azurecr.io/team/app`, with `:tag` or `@sha256:…` behind it when one is given. */
export function renderReference({ host, name }: Repository, tagOrDigest?: string): string {
  const whole = `${host}/${name}`;
  if (tagOrDigest === undefined) return whole;
  return isDigest(tagOrDigest) ? `${whole}@${tagOrDigest}` : `${whole}:${tagOrDigest}`;
}

/** Whether a reference inside a repository names content and not a tag: a tag never holds a colon. */
export function isDigest(reference: string): boolean {
  return reference.includes(":");
}
