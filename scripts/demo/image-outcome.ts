import type { Contents } from "../../test/azure/acr/registry.ts";
import type { Scene } from "./act.ts";
import { listRunFaults } from "./outcome.ts";

/** What an act about images promises: how its run ends, what becomes of each image, and of each tag. */
export interface ImageStory {
  readonly conclusion: Scene["run"]["conclusion"];
  /** By job: what the build says of itself; undefined where it fails. */
  readonly outcomes: Readonly<Record<string, "built" | "reused" | undefined>>;
  /** Exactly these tags are new, are on another digest, are gone. `ctx-*` is a tag that names content. */
  readonly added?: readonly string[];
  readonly moved?: readonly string[];
  readonly gone?: readonly string[];
  /** Pairs of tags that stand on one digest afterwards. */
  readonly same?: readonly (readonly [string, string])[];
  /** What becomes of the number of each repository's manifests. */
  readonly manifests: Readonly<Record<string, "more" | "as many" | "fewer">>;
  /** The line that an error points at. */
  readonly blames?: { readonly file: string; readonly line: string };
}

/** What a run about images left. */
export interface ImageScene extends Pick<Scene, "run" | "requests"> {
  readonly before: Contents;
  readonly after: Contents;
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listImageFaults(story: ImageStory, scene: ImageScene): readonly string[] {
  return [
    ...listTagFaults(story, scene),
    ...listManifestFaults(story, scene),
    ...listBuildFaults(story, scene),
    ...listRunFaults(story.conclusion, scene),
  ];
}

/** Digests by repository and tag. */
function readTags(contents: Contents): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(contents).flatMap(([name, { tags }]) =>
      Object.entries(tags).map(([tag, digest]) => [`${name}:${tag}`, digest] as const),
    ),
  );
}

function listTagFaults(story: ImageStory, { before, after }: ImageScene): readonly string[] {
  const [was, is] = [readTags(before), readTags(after)];
  const pick = (tags: ReadonlyMap<string, string>, fits: (tag: string) => boolean): readonly string[] =>
    [...tags.keys()].filter(fits).map((tag) => tag.replace(/:ctx-.*/, ":ctx-*"));
  const differences = [
    { verb: "is new", found: pick(is, (tag) => !was.has(tag)), told: story.added },
    { verb: "moved", found: pick(is, (tag) => was.has(tag) && was.get(tag) !== is.get(tag)), told: story.moved },
    { verb: "is gone", found: pick(was, (tag) => !is.has(tag)), told: story.gone },
  ].flatMap(({ verb, found, told = [] }) => [
    ...found.filter((tag) => !told.includes(tag)).map((tag) => `${tag} ${verb}, and nobody said so`),
    ...told.filter((tag) => !found.includes(tag)).map((tag) => `it was told that ${tag} ${verb}, and it is not so`),
  ]);
  const apart = (story.same ?? []).filter(([one, other]) => is.get(one) === undefined || is.get(one) !== is.get(other));
  return [...differences, ...apart.map(([one, other]) => `${one} and ${other} should stand on one digest`)];
}

function listManifestFaults({ manifests }: ImageStory, { before, after }: ImageScene): readonly string[] {
  return Object.entries(manifests).flatMap(([name, told]) => {
    const [was, is] = [before, after].map((contents) => Object.keys(contents[name]?.manifests ?? {}).length);
    const found = (is ?? 0) > (was ?? 0) ? "more" : is === was ? "as many" : "fewer";
    return found === told ? [] : [`${name} should have ${told} manifests, and has ${is} where it had ${was}`];
  });
}

function listBuildFaults({ outcomes, blames }: ImageStory, { run, requests }: ImageScene): readonly string[] {
  const faults = Object.entries(outcomes).flatMap(([name, told]) => {
    const job = run.jobs.find((one) => one.name === name);
    const outcome = job?.result.steps.find(({ id, stage }) => id === "build" && stage === "main")?.outputs["outcome"];
    return (outcome || undefined) === told
      ? []
      : [`${name} should be ${told ?? "failed"}, and was ${outcome || "failed"}`];
  });
  const annotations = run.jobs.flatMap(({ result }) => result.annotations);
  const blamed = annotations.some(
    ({ level, file, line }) => level === "error" && file === blames?.file && line === blames?.line,
  );
  const deletes = requests.filter(({ method, host }) => method === "DELETE" && host === "management.azure.com");
  return [
    ...faults,
    ...(blames === undefined || blamed ? [] : [`no error points at ${blames.file}, line ${blames.line}`]),
    ...deletes.map(({ path }) => `${path} was deleted, and no act about images deletes in Resource Manager`),
  ];
}
