/** What `$name` stands for in a task of version v1.1.0 and later (graph/global-defaults-linux.go). */
const ALIASES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["ID", "SharedVolume", "Registry", "RegistryName", "Date", "OS", "Architecture", "Commit", "Branch"].map((name) => [
      name,
      `{{.Run.${name}}}`,
    ]),
  ),
  acr: "mcr.microsoft.com/acr/acr-cli:0.19",
  az: "mcr.microsoft.com/acr/azure-cli:fe316c9",
  bash: "mcr.microsoft.com/acr/bash:fe316c9",
  curl: "mcr.microsoft.com/acr/curl:fe316c9",
};

/** A longer line and all that follows are lost to acb: Go's line scanner gives up there, and nobody asks it why. */
const LINE_BYTES = 64 * 1024;

/**
 * The version as acb finds it (`FindVersion`): it must stand unquoted in the first line that is no comment.
 * Empty where it does not: then there are no aliases.
 */
export function findVersion(text: string): string {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== "" && !line.trim().startsWith("#")) ?? "";
  return /^version\s*:(.*)$/.exec(first)?.[1]?.trim() ?? "";
}

/** Texts are compared, as acb does: a quoted version is before any other. */
export function hasAliases(text: string): boolean {
  return findVersion(text) >= "v1.1.0";
}

/**
 * Replaces `$name` in a task's text, before anything else looks at it (`preprocessString` in graph/preprocessor.go).
 * `$$` is a dollar; an unknown name stays, and hides a name that follows it at once.
 */
export function expandAliases(text: string): string {
  let expanded = "";
  let name: string | undefined;
  for (const character of `${withoutComments(text)}\n`) {
    if (name === undefined) {
      if (character === "$") name = "";
      else expanded += character;
    } else if (character === "$" && name === "") {
      expanded += "$";
      name = undefined;
    } else if (/[A-Za-z0-9]/.test(character)) {
      name += character;
    } else {
      const known = ALIASES[name];
      expanded += known ?? `$${name}${character}`;
      if (known !== undefined && character !== "$") expanded += character;
      name = known !== undefined && character === "$" ? "" : undefined;
    }
  }
  return expanded;
}

/** The image that the first word of a `cmd:` stands for, where it is an alias. */
export function imageAlias(word: string): string {
  return ALIASES[word] ?? word;
}

function withoutComments(text: string): string {
  const lines = text.split(/\r?\n/);
  const lost = lines.findIndex((line) => Buffer.byteLength(line) >= LINE_BYTES);
  const seen = lost < 0 ? lines : lines.slice(0, lost);
  return seen.filter((line) => !/^\s*#/.test(line)).join("\n");
}
