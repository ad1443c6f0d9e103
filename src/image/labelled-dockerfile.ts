import { DockerfileParser } from "dockerfile-ast";

/**
 * The Dockerfile with labels at the end of the stage that is built, for a builder that takes none besides: what
 * `--label` would do. Lines above the end of that stage keep their numbers.
 */
export function addLabels(text: string, labels: Readonly<Record<string, string>>, target: string | undefined): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return text;
  const dockerfile = DockerfileParser.parse(text);
  const escaper = dockerfile.getEscapeCharacter();
  const quote = (value: string): string => `"${value.replace(/["\\`$]/g, (sign) => escapeSign(sign, escaper))}"`;
  const lines = entries.map(([key, value]) => `LABEL ${quote(key)}=${quote(value.replace(/[\r\n]+/g, " "))}`);
  const source = text.split("\n");
  const end = findEnd(dockerfile.getFROMs(), target) ?? source.length;
  return [...source.slice(0, end), ...lines, ...source.slice(end)].join("\n");
}

/** Inside double quotes only the escape character, the quote and the dollar mean something. */
function escapeSign(sign: string, escaper: string): string {
  return sign === '"' || sign === "$" || sign === escaper ? `${escaper}${sign}` : sign;
}

type From = ReturnType<ReturnType<typeof DockerfileParser.parse>["getFROMs"]>[number];

/** The line of the FROM after the target's stage; undefined for the last stage. */
function findEnd(froms: readonly From[], target: string | undefined): number | undefined {
  if (target === undefined) return undefined;
  const named = froms.findIndex((from) => from.getBuildStage()?.toLowerCase() === target.toLowerCase());
  const index = named < 0 && /^\d+$/.test(target) ? Number(target) : named;
  return index < 0 ? undefined : froms[index + 1]?.getRange().start.line;
}
