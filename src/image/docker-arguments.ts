import type { BuildRequest, PushTarget } from "./build-request.ts";
import { listUnfitValues } from "./build-values.ts";
import type { Parsed } from "./problem.ts";
import { renderReference } from "./repository.ts";

/**
 * The words behind `docker` that build a request with the plain builder. What that one cannot do is not in them: ask
 * `listUnsupported` first.
 *
 * Problems have the code `build-value-invalid`, all at once.
 *
 * @param iidFile where docker writes the id of the image that it made.
 */
export function listDockerArguments(
  request: BuildRequest,
  target: PushTarget | undefined,
  iidFile: string,
): Parsed<readonly string[]> {
  const [first, ...others] = listUnfitValues(request);
  if (first !== undefined) return { problems: [first, ...others] };
  const pairs = (flag: string, values: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(values).map(([key, value]) => `--${flag}=${key}=${value}`);
  return {
    value: [
      "build",
      `--file=${request.file}`,
      ...(request.target === undefined ? [] : [`--target=${request.target}`]),
      ...pairs("build-arg", request.buildArgs),
      ...request.platforms.map((platform) => `--platform=${platform}`),
      ...pairs("label", request.labels),
      ...request.cacheFrom.map((image) => `--cache-from=${image}`),
      ...(request.pull ? ["--pull"] : []),
      ...(request.noCache ? ["--no-cache"] : []),
      ...(target === undefined ? [] : [`--tag=${renderCarrier(target)}`]),
      `--iidfile=${iidFile}`,
      request.context,
    ],
  };
}

/** The words behind `docker` that push what was built so, under the carrier's tag, to the first repository. */
export function listDockerPushArguments(target: PushTarget): readonly string[] {
  return ["push", renderCarrier(target)];
}

function renderCarrier({ repositories: [first], carrierTag }: PushTarget): string {
  return renderReference(first, carrierTag);
}
