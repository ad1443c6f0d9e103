import type { GitFacts } from "./git-facts.ts";
import { parseReleaseVersion } from "./release-version.ts";

/** What the user says, and what the run knows besides the event. */
export interface LabelFacts {
  /** The first of the image's tags: it is the reference's name, and the version where no git tag tells one. */
  readonly version: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The image that the last stage begins with. */
  readonly base?: BaseImage | undefined;
}

export interface BaseImage {
  /** `docker.io/library/alpine:3.20`. */
  readonly name: string;
  readonly digest: string | undefined;
}

/** Labels for the image's configuration, and annotations for its manifests and its index; without levels. */
export interface Labels {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const PREFIX = "org.opencontainers.image.";

/**
 * The OCI set (https://github.com/opencontainers/image-spec/blob/main/annotations.md) from what the run is about: the
 * revision is the commit that somebody wrote, and `created` that commit's time, so that the same commit gives the same
 * labels. What is not known is left out.
 *
 * The user's own values win, also the empty ones. A label of the set that the user changed is changed in the annotations
 * as well.
 */
export function computeLabels(facts: GitFacts, given: LabelFacts): Labels {
  const computed = listComputed(facts, given);
  const ofTheSet = Object.entries(given.labels).filter(([key]) => key.startsWith(PREFIX));
  return {
    labels: { ...computed, ...given.labels },
    annotations: { ...computed, ...Object.fromEntries(ofTheSet), ...given.annotations },
  };
}

function listComputed(facts: GitFacts, given: LabelFacts): Readonly<Record<string, string>> {
  const { project, serverUrl, repository } = facts;
  const source = serverUrl === undefined || repository === undefined ? undefined : `${serverUrl}/${repository}`;
  const released = facts.tag === undefined ? undefined : parseReleaseVersion(facts.tag)?.text;
  const set: Readonly<Record<string, string | undefined>> = {
    title: project.name,
    description: project.description?.replace(/\s+/g, " ").trim(),
    url: project.url ?? source,
    source,
    version: released ?? given.version,
    created: facts.committedAt === undefined ? undefined : renderInstant(facts.committedAt),
    revision: facts.headSha,
    licenses: project.license,
    "ref.name": given.version,
    "base.name": given.base?.name,
    "base.digest": given.base?.digest,
  };
  const known = Object.entries(set).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "");
  return Object.fromEntries(known.map(([key, value]) => [`${PREFIX}${key}`, value]));
}

/** RFC 3339 in UTC, to the second, as git keeps a commit's time. */
function renderInstant(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
