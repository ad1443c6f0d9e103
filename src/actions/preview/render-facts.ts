import { renderDuration } from "../../kit/duration.ts";
import { type Section, table } from "../../kit/markdown.ts";
import type { PreviewPhase, PreviewStory, StoryImage } from "../../preview/story.ts";
import { span, words } from "../render-text.ts";
import { link, renderAddress, renderCommit } from "./render-link.ts";
import { renderExpiryWords } from "./render-when.ts";

const MOST_IMAGES = 50;
/** Of what is gone, or will be, nobody needs to know the end. */
export const ENDLESS: ReadonlySet<PreviewPhase> = new Set(["destroying", "destroyed", "not-gone"]);

/** Commit, time and run in one line. */
export function renderFactLine(story: PreviewStory): string {
  const { headSha, serverUrl, repository, durationMs, runUrl, environment } = story;
  const facts = [
    span(environment, 100),
    headSha === "" ? "" : `commit ${renderCommit(headSha, serverUrl, repository)}`,
    durationMs === undefined ? "" : `took ${renderDuration(durationMs)}`,
    runUrl === "" ? "" : link("run", runUrl),
  ];
  return facts.filter((fact) => fact !== "").join(" · ");
}

/** Which images run, each by its digest. */
export function renderImages(images: readonly StoryImage[]): readonly Section[] {
  if (images.length === 0) return [];
  const rows = images
    .slice(0, MOST_IMAGES)
    .map(
      ({ name, repository, tag, digest }) =>
        `| ${words(name, 100)} | ${orDash(repository, 200)} | ${orDash(tag, 128)} | ${orDash(digest, 80)} |`,
    );
  return [{ text: table(["Image", "Repository", "Tag", "Digest"], []), rows }];
}

function orDash(text: string, mostCharacters: number): string {
  return text === "" ? "–" : span(text, mostCharacters);
}

/** Where it runs and as what, in a table; facts that nobody knows are left out. */
export function renderPlaceTable(story: PreviewStory): string {
  const { place, release, url, headSha, serverUrl, repository } = story;
  const cluster =
    place.cluster === "" || place.clusterResourceGroup === ""
      ? spanned(place.cluster)
      : `${span(place.cluster)} in ${span(place.clusterResourceGroup)}`;
  const rows = [
    ["Address", url === "" ? "" : renderAddress(url)],
    ["Environment", spanned(story.environment)],
    ["Commit", headSha === "" ? "" : renderCommit(headSha, serverUrl, repository)],
    ["Resource group", spanned(place.resourceGroup)],
    ["Cluster", cluster],
    ["Registry", spanned(place.registry)],
    ["Namespace", spanned(place.namespace)],
    ["Release", release === undefined ? "" : renderRelease(release)],
    ["Expires", ENDLESS.has(story.phase) ? "" : renderExpiryWords(story)],
  ].filter(([, value]) => value !== "");
  return rows.length === 0
    ? ""
    : table(
        ["", ""],
        rows.map(([name = "", value = ""]) => [`**${name}**`, value]),
      );
}

function renderRelease({ name, revision, status, appVersion }: NonNullable<PreviewStory["release"]>): string {
  return [
    span(name, 100),
    ...(revision === "" ? [] : [`revision ${words(revision, 20)}`]),
    ...(status === "" ? [] : [`**${words(status, 40)}**`]),
    ...(appVersion === "" ? [] : [`version ${span(appVersion, 80)}`]),
  ].join(", ");
}

function spanned(text: string): string {
  return text === "" ? "" : span(text);
}
