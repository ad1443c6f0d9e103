import { hasIndex, levelsOf } from "./annotation-levels.ts";
import type { BuildRequest } from "./build-request.ts";
import { parseCsvFields } from "./csv-field.ts";
import type { Problem } from "./problem.ts";

/**
 * What in a request no command line can carry as it is meant, all at once. Each problem has the code
 * `build-value-invalid` and begins with the input's name; a secret's own text is never in it, only where it stands.
 */
export function listUnfitValues(request: BuildRequest): readonly Problem[] {
  return [...listUnfitTexts(request), ...listUnfitKeys(request), ...listUnfitOutputs(request)].map((message) => ({
    code: "build-value-invalid",
    message,
  }));
}

function listUnfitTexts(request: BuildRequest): readonly string[] {
  const { secrets } = request;
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ["context", [request.context]],
    ["file", [request.file]],
    ["target", [request.target ?? ""]],
    ["provenance", [request.provenance ?? ""]],
    ["build-contexts", Object.values(request.buildContexts)],
    ["secrets", secrets.flatMap(({ id, from }) => [id, from.kind === "env" ? from.name : from.path])],
    ["ssh", request.ssh],
    ["platforms", request.platforms],
    ["cache-from", request.cacheFrom],
    ["cache-to", request.cacheTo],
    ["outputs", request.outputs],
  ];
  // These may hold several lines: each is a whole word of the command line.
  const words: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["build-args", request.buildArgs],
    ["labels", request.labels],
    ["annotations", request.annotations],
  ];
  return [
    ...lines.flatMap(([name, texts]) =>
      texts.some((text) => /[\r\n\0]/.test(text))
        ? [`${name}: expected a single line, and one value holds a line break`]
        : [],
    ),
    ...words.flatMap(([name, pairs]) =>
      Object.entries(pairs).flatMap(([key, value]) =>
        /\0/.test(key + value)
          ? [`${name}: "${key.replaceAll("\0", "")}" holds a NUL character, which no command line carries`]
          : [],
      ),
    ),
    ...secrets.flatMap(({ id }) => (id === "" ? ["secrets: a secret has no id: write id=<name>,env=<VARIABLE>"] : [])),
  ];
}

function listUnfitKeys(request: BuildRequest): readonly string[] {
  const { buildArgs, buildContexts, labels, annotations } = request;
  const named = Object.entries({ "build-args": buildArgs, "build-contexts": buildContexts, labels, annotations });
  const keys = named.flatMap(([name, pairs]) =>
    Object.keys(pairs)
      .filter((key) => key === "" || /[=\s]/.test(key))
      .map((key) => `${name}: the name "${key}" is empty or holds "=" or a space`),
  );
  const levels = Object.keys(annotations).filter(
    (key) => !hasIndex(request) && levelsOf(key).some((level) => level.startsWith("index")),
  );
  return [
    ...keys,
    ...levels.map(
      (key) =>
        `annotations: "${key}" is for an index, and this build makes none: it takes several platforms, sbom: true or provenance: mode=min`,
    ),
  ];
}

function listUnfitOutputs({ outputs }: BuildRequest): readonly string[] {
  return outputs.flatMap((output) => {
    const fields = parseCsvFields(output);
    if (fields === undefined) return [`outputs: the quotes in ${JSON.stringify(output)} do not match`];
    const read = (key: string): string | undefined =>
      fields.find((field) => field.toLowerCase().trimStart().startsWith(`${key}=`))?.slice(key.length + 1);
    const type = read("type");
    const toStdout =
      read("dest") === "-" ||
      output === "-" ||
      (type !== undefined && isFileType(type, read("tar")) && read("dest") === undefined);
    return toStdout ? [`outputs: ${JSON.stringify(output)} writes to the log: add dest=<file>`] : [];
  });
}

function isFileType(type: string, tar: string | undefined): boolean {
  return type === "tar" || (type === "oci" && tar !== "false");
}
