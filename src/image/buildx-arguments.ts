import { hasIndex, levelsOf } from "./annotation-levels.ts";
import type { BuildRequest, BuildSecret, PushTarget } from "./build-request.ts";
import { listUnfitValues } from "./build-values.ts";
import { csvField } from "./csv-field.ts";
import type { Parsed } from "./problem.ts";
import { renderReference } from "./repository.ts";

export interface BuildxOptions {
  /** The builder's name; undefined takes the current one. */
  readonly builder: string | undefined;
  /** Where buildx writes what it made (JSON): `containerimage.digest` and more. */
  readonly metadataFile: string;
  /**
   * How the image gets to the registry. `digest` moves no tag at all. A builder of the driver `docker` cannot do that,
   * and one of several nodes merges by itself under a tag, `latest` where it is given none (buildx build/build.go): for
   * these two it is `carrier-tag`.
   */
  readonly delivery: "digest" | "carrier-tag";
}

/**
 * The words behind `docker` that build a request with buildx, and deliver it to every repository of `target` when there
 * is one. Each value is a word of its own behind `=`, so that none can pass for a flag.
 *
 * Problems have the code `build-value-invalid`, all at once.
 */
export function listBuildxArguments(
  request: BuildRequest,
  target: PushTarget | undefined,
  options: BuildxOptions,
): Parsed<readonly string[]> {
  const [first, ...others] = listUnfitValues(request);
  if (first !== undefined) return { problems: [first, ...others] };
  const each = (flag: string, values: readonly string[]): readonly string[] =>
    values.map((value) => `--${flag}=${value}`);
  return {
    value: [
      "buildx",
      "build",
      "--progress=plain",
      ...each("builder", listGiven(options.builder)),
      `--file=${request.file}`,
      ...each("target", listGiven(request.target)),
      ...each("build-arg", renderPairs(withEpoch(request))),
      ...each("build-context", renderPairs(request.buildContexts)),
      ...each("secret", request.secrets.map(renderSecret)),
      ...each("ssh", request.ssh),
      ...each("platform", listGiven(request.platforms.join(",") || undefined)),
      ...each("label", renderPairs(request.labels)),
      ...each("annotation", listAnnotations(request)),
      ...each("cache-from", request.cacheFrom),
      ...each("cache-to", request.cacheTo),
      ...each("provenance", listGiven(request.provenance)),
      ...(request.sbom ? ["--sbom=true"] : []),
      ...(request.pull ? ["--pull"] : []),
      ...(request.noCache ? ["--no-cache"] : []),
      ...each("output", listOutputs(request, target, options.delivery)),
      `--metadata-file=${options.metadataFile}`,
      request.context,
    ],
  };
}

function listGiven(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function renderPairs(pairs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
}

/** BuildKit takes the time of reproducible layers as a build argument; the user's own counts before ours. */
function withEpoch({ buildArgs, sourceDateEpoch }: BuildRequest): Readonly<Record<string, string>> {
  return sourceDateEpoch === undefined ? buildArgs : { SOURCE_DATE_EPOCH: `${sourceDateEpoch}`, ...buildArgs };
}

function renderSecret({ id, from }: BuildSecret): string {
  const source = from.kind === "env" ? csvField("env", from.name) : csvField("src", from.path);
  return `${csvField("id", id)},${source}`;
}

/** Without a level buildx annotates manifests only, and registries show what stands on the index. */
function listAnnotations(request: BuildRequest): readonly string[] {
  const levels = hasIndex(request) ? "manifest,index" : "manifest";
  return Object.entries(request.annotations).map(([key, value]) =>
    levelsOf(key).length > 0 ? `${key}=${value}` : `${levels}:${key}=${value}`,
  );
}

function listOutputs(
  { outputs }: BuildRequest,
  target: PushTarget | undefined,
  delivery: BuildxOptions["delivery"],
): readonly string[] {
  // Without an output, some drivers load the image and others warn that it is lost.
  if (target === undefined) return outputs.length > 0 ? outputs : ["type=cacheonly"];
  const tag = delivery === "digest" ? undefined : target.carrierTag;
  const names = target.repositories.map((repository) => renderReference(repository, tag)).join(",");
  const byDigest = delivery === "digest" ? ["push-by-digest=true", "name-canonical=true"] : [];
  return [["type=image", csvField("name", names), ...byDigest, "push=true"].join(","), ...outputs];
}
