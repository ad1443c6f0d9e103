import { TaskFailure } from "./failure.ts";

/** How a line becomes words: by acb's own parser, or by the shell that older versions ran it in. */
export type Splitting = "parser" | "shell";

/**
 * Splits `build:` and `cmd:` lines. The parser is acr-builder's `splitCommandLine` (builder/command_args.go): quotes group,
 * a backslash escapes only blanks and quotes, a doubled backslash stays doubled, nothing else means anything.
 * Of the shell only what makes words is done; where it would have done more, the run fails instead.
 * @throws TaskFailure
 */
export function splitWords(line: string, splitting: Splitting): readonly string[] {
  if (line.includes("\0")) throw new TaskFailure("failed to parse step command: command contains a NUL character");
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  const characters = [...line];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    const next = characters[at + 1];
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (quote === '"' && character === "\\" && next !== undefined) {
        const escaped = inDoubleQuotes(next, splitting);
        word += escaped ?? character;
        if (escaped !== undefined) at += 1;
      } else {
        if (quote === '"' && splitting === "shell" && /[$`]/.test(character)) throw shellWouldAct(character);
        word += character;
      }
    } else if (/[ \t\r\n]/.test(character)) {
      if (splitting === "shell" && character === "\n" && line.slice(at).trim() !== "")
        throw shellWouldAct("a new line");
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (character === "\\" && next !== undefined) {
      const escaped = outsideQuotes(next, splitting);
      word = (word ?? "") + (escaped ?? character);
      if (escaped !== undefined) at += 1;
    } else {
      if (splitting === "shell" && /[$`;|&<>()*?[\]#~!{}]/.test(character)) throw shellWouldAct(character);
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") {
    throw new TaskFailure(`failed to parse step command: command contains an unterminated '${quote}' quote`);
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** What a backslash and the character behind it become; undefined where the backslash stands for itself. */
function inDoubleQuotes(next: string, splitting: Splitting): string | undefined {
  if (splitting === "shell") return /["\\$`]/.test(next) ? next : next === "\n" ? "" : undefined;
  return next === "\\" ? "\\\\" : next === '"' ? next : undefined;
}

function outsideQuotes(next: string, splitting: Splitting): string | undefined {
  if (splitting === "shell") return next === "\n" ? "" : next;
  return next === "\\" ? "\\\\" : /[ \t\r\n'"]/.test(next) ? next : undefined;
}

function shellWouldAct(what: string): TaskFailure {
  return new TaskFailure(
    `/bin/sh: the emulator does not run what a shell would make of ${what} outside of single quotes`,
  );
}

/** What acb reads out of a `build:` line besides, by blanks alone: quotes stay, and quoted blanks split, too. */
export interface BuildFields {
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly context: string;
  readonly tags: readonly string[];
  readonly buildArgs: readonly string[];
}

/** acr-builder's `parseDockerBuildCmd` (builder/parse.go), `ParseTags` and `ParseBuildArgs` (util/parse.go). */
export function readBuildFields(line: string): BuildFields {
  const fields = line.split(/\s+/u).filter((field) => field !== "");
  const behind = (...names: readonly string[]) =>
    fields.filter((_, index) => names.includes(fields[index - 1] ?? "")).map((field) => field);
  const context = fields.findLast(
    (field, index) => !field.startsWith("-") && !(fields[index - 1] ?? "").startsWith("-"),
  );
  return {
    dockerfile: behind("-f", "--file").at(-1) ?? "Dockerfile",
    target: behind("--target").at(-1),
    context: context ?? ".",
    tags: behind("-t", "--tag"),
    buildArgs: behind("--build-arg"),
  };
}
