import type { GitFacts } from "./git-facts.ts";
import { parseTag } from "./parse-tag.ts";
import { collect, type Parsed, type Problem, refuse } from "./problem.ts";
import { findReservation } from "./reserved-tag.ts";
import { cutTag } from "./slug.ts";
import { explainVariable, isVariable, VARIABLES, type Variable } from "./tag-variables.ts";

/**
 * The tags of an image when nobody says otherwise: of a pull request only what `acr-purge` takes away again, of a branch
 * its moving tag and one for each commit, of a release its version.
 */
export const DEFAULT_TAGS = [
  "pr-{number}",
  "pr-{number}-{short-sha}",
  "{branch}",
  "{branch}-{short-sha}",
  "{version}",
  "{major}.{minor}",
  "{major}",
] as const;

export interface PlannedTag {
  readonly name: string;
  /** The line that it comes from. */
  readonly template: string;
  /** Empty for a text without braces. */
  readonly variables: readonly Variable[];
}

export interface TagPlan {
  /** Each once, in the order of the lines. */
  readonly tags: readonly [PlannedTag, ...PlannedTag[]];
  /** Lines that do not fit what started the run, with the reason. */
  readonly skipped: readonly { readonly template: string; readonly because: string }[];
}

/**
 * The tags that a run gives an image. A line whose variable this event does not have is left out; a variable that nobody
 * knows is a mistake, and so is a plan without any tag.
 *
 * Problems have the codes `tag-template-invalid`, `tag-invalid` and `no-tags`, all lines' at once.
 */
export function decideTags(templates: readonly string[], facts: GitFacts): Parsed<TagPlan> {
  const parsed = collect(templates.map(parseTemplate));
  if ("problems" in parsed) return parsed;
  const versioned = parsed.value.some(({ variables }) => variables.some((variable) => OF_VERSIONS.has(variable)));
  const lines = parsed.value.map((line) => ({ ...line, ...fill(line, facts, versioned) }));
  const skipped = lines.flatMap(({ template, because }) => (because === undefined ? [] : [{ template, because }]));
  const named = new Map<string, PlannedTag>();
  for (const { template, variables, name } of lines) {
    if (name !== undefined && !named.has(name)) named.set(name, { name, template, variables });
  }
  const [first, ...others] = named.values();
  if (first !== undefined) return { value: { tags: [first, ...others], skipped } };
  const reasons = skipped.map(({ template, because }) => `${template}: ${because}`);
  return refuse(
    "no-tags",
    [
      `No line of "tags" fits a run of ${facts.event ?? "an unknown event"}, so the image would have no tag.`,
      ...reasons,
      "Add a line that always fits, such as sha-{short-sha}, or the tag itself.",
    ].join("\n"),
  );
}

interface Template {
  readonly template: string;
  readonly variables: readonly Variable[];
  /** Texts and variables by turns, beginning and ending with a text. */
  readonly parts: readonly string[];
}

function parseTemplate(template: string): Parsed<Template> {
  if (/^type=\w+/.test(template)) return { problems: [faulty(template, FOREIGN)] };
  const parts = template.split(/\{([^{}]*)\}/);
  const names = parts.filter((_, index) => index % 2 === 1);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const problems = [
    ...(texts.some((text) => /[{}]/.test(text)) ? [faulty(template, "has a brace without its partner")] : []),
    ...names.filter((name) => !isVariable(name)).map((name) => faulty(template, `has ${renderUnknown(name)}`)),
  ];
  if (problems.length === 0) problems.push(...checkTexts(template, texts));
  const [first, ...others] = problems;
  if (first !== undefined) return { problems: [first, ...others] };
  return { value: { template, variables: names.filter(isVariable), parts } };
}

const FOREIGN =
  "is one of docker/metadata-action: write {branch} for type=ref, pr-{number} for pull requests, {version} for type=semver, {short-sha} for type=sha, and the text itself for type=raw";

function faulty(template: string, what: string): Problem {
  return { code: "tag-template-invalid", message: `The line "${template}" of "tags" ${what}.` };
}

function renderUnknown(name: string): string {
  const known = VARIABLES.map((one) => `{${one}}`).join(", ");
  return `${name === "" ? "empty braces" : `the unknown variable {${name}}`}: known are ${known}`;
}

/** Every value is good inside a tag, and at its beginning: so a line is judged with a letter in each one's place. */
function checkTexts(template: string, texts: readonly string[]): readonly Problem[] {
  const parsed = parseTag(cutTag(texts.join("x")));
  if ("value" in parsed) return [];
  return parsed.problems.map(({ code, message }) => ({
    code,
    message: texts.length === 1 ? message : message.replace(`"${texts.join("x")}"`, `"${template}"`),
  }));
}

const OF_VERSIONS: ReadonlySet<Variable> = new Set(["version", "major", "minor", "patch"]);

function fill(
  { parts, variables }: Template,
  facts: GitFacts,
  versioned: boolean,
): { readonly name?: string; readonly because?: string } {
  let name = "";
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      name += part;
    } else if (isVariable(part)) {
      const found = explainVariable(part, facts);
      if ("because" in found) return found;
      if (part === "major" && found.value === "0" && !variables.includes("minor")) return { because: ZERO };
      name += found.value;
    }
  }
  const because = findReservation(name, variables, versioned);
  return because === undefined ? { name: cutTag(name) } : { because };
}

/** Semver promises nothing between 0.1 and 0.2, so there is no tag that whoever follows it could trust. */
const ZERO = "0.x versions have no {major} without {minor}: each may break the one before";
