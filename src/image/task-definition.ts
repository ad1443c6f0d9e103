import type { BuildRequest } from "./build-request.ts";
import type { Parsed, Problem } from "./problem.ts";

export interface TaskOptions {
  /** The repository's name in the registry that runs the task, without a host. */
  readonly name: string;
  /** The tag that it is pushed under. */
  readonly tag: string;
  /** The Dockerfile in the archive; a plain word. */
  readonly dockerfile: string;
  /** `linux/arm64`; undefined takes the agent's own. */
  readonly platform: string | undefined;
  readonly timeoutSeconds: number;
}

/**
 * A task for ACR Tasks (YAML) that builds with BuildKit and pushes.
 *
 * Its `build:` line is read by three parsers that do not agree (Azure/acr-builder: builder/command_args.go splits words,
 * builder/parse.go looks for flags between blanks whatever the quotes say, scan/dependencies.go wants `NAME=value` behind
 * each --build-arg), after a pass of templates over the whole text. So words are plain or in single quotes, the context
 * comes last, and what the second parser would misread is refused. Version v1.0.0 knows templates and no `$` aliases, so
 * that a `$` stays one.
 *
 * Problems have the code `builder-cannot`, all at once. Labels are not in it: they go into the Dockerfile.
 */
export function renderTask(request: BuildRequest, options: TaskOptions): Parsed<string> {
  const [first, ...others] = listMisread(request);
  if (first !== undefined) return { problems: [first, ...others] };
  const image = `{{.Run.Registry}}/${options.name}:${options.tag}`;
  const words = [
    ...["-f", options.dockerfile, "-t", image],
    ...(request.target === undefined ? [] : ["--target", request.target]),
    ...(options.platform === undefined ? [] : ["--platform", options.platform]),
    ...(request.pull ? ["--pull"] : []),
    ...(request.noCache ? ["--no-cache"] : []),
    ...Object.entries(withEpoch(request)).flatMap(([key, value]) => ["--build-arg", quoteWord(`${key}=${value}`)]),
    ".",
  ];
  const lines = [
    "version: v1.0.0",
    // A step has ten minutes unless told otherwise.
    `stepTimeout: ${options.timeoutSeconds}`,
    "steps:",
    "  - id: build",
    `    build: ${JSON.stringify(words.join(" "))}`,
    '    env: ["DOCKER_BUILDKIT=1"]',
    "  - id: push",
    `    push: [${JSON.stringify(image)}]`,
  ];
  return { value: `${lines.join("\n")}\n` };
}

function withEpoch({ buildArgs, sourceDateEpoch }: BuildRequest): Readonly<Record<string, string>> {
  return sourceDateEpoch === undefined ? buildArgs : { SOURCE_DATE_EPOCH: `${sourceDateEpoch}`, ...buildArgs };
}

/** One word for all of its readers: the shell of old agents, the splitter of new ones, and the templates before them. */
function quoteWord(word: string): string {
  const quoted = /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
  return quoted.replaceAll("{{", "{{`{{`}}");
}

/** The agent reads the task line by line and drops what comes after a line of more than 64 KiB. */
const LONGEST_VALUE = 8_000;

function listMisread({ buildArgs, target }: BuildRequest): readonly Problem[] {
  const problems = Object.entries(buildArgs).flatMap(([key, value]) => {
    const why = explainMisread(key, value);
    return why === undefined ? [] : [`build-args: ${key} ${why}`];
  });
  if (target !== undefined && !/^[\w.-]+$/.test(target)) problems.push(`target: "${target}" is no plain word`);
  return problems.map((what) => ({
    code: "builder-cannot",
    message: `${what}, which ACR Tasks would misread; use builder: buildx.`,
  }));
}

function explainMisread(key: string, value: string): string | undefined {
  if (!/^\w+$/.test(key)) return "is no plain name";
  if (value.length > LONGEST_VALUE) return `has a value of more than ${LONGEST_VALUE} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f]/.test(value)) return "has a value with a line break or control character";
  return /(?:^|\s)-/.test(value) && /\s/.test(value) ? "has a value with a word that begins with -" : undefined;
}
