/** What a go.mod under tools/ says about the tool that is built from it. */
export interface GoModule {
  /** Without the leading `v`. */
  readonly version: string;
  /** Import paths of its `tool` lines. */
  readonly packages: readonly string[];
}

/**
 * The version that a go.mod requires of a module, and the programs that it names in `tool` lines.
 *
 * @throws Error when it requires no such module or names no tool
 */
export function parseGoModule(text: string, module: string): GoModule {
  const lines = listDirectives(text);
  const version = lines
    .find((line) => line.startsWith(`require ${module} v`))
    ?.split(" ")[2]
    ?.slice(1);
  if (version === undefined) throw new Error(`go.mod does not require ${module}`);
  const packages = lines.flatMap((line) => (line.startsWith("tool ") ? [line.slice("tool ".length)] : []));
  if (packages.length === 0) throw new Error('go.mod has no "tool" line');
  return { version, packages };
}

/** Go names a program after the last part of its path that is not a major version. */
export function programOf(importPath: string): string {
  return importPath.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? importPath;
}

/**
 * Where Go puts a module, below its module cache.
 *
 * @see https://go.dev/ref/mod#module-cache
 */
export function moduleFolder(module: string, version: string): string {
  return `${module}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** Lines of go.mod with the block's verb before each, without comments. */
function listDirectives(text: string): readonly string[] {
  let block = "";
  return text.split("\n").flatMap((raw) => {
    const line = raw.replace(/\/\/.*/, "").trim();
    const opened = /^(\w+) \($/.exec(line)?.[1];
    if (opened !== undefined) block = `${opened} `;
    if (line === ")") block = "";
    return line === "" || line === ")" || opened !== undefined ? [] : [`${block}${line}`];
  });
}
