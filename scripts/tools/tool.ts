/** A real program, or several that belong together, which tests, demo and bench need and `npm ci` does not bring. */
export interface Tool {
  /** What `npm run tools <name>` takes. */
  readonly name: string;
  /** Where it comes from. */
  readonly source: "Go" | "npm" | "Debian";
  /** The pinned version; undefined where the distribution's is taken. */
  readonly version: string | undefined;
  /** How long it takes to get on two cores with empty caches. */
  readonly expectedSeconds: number;
  /** The names of its programs. */
  readonly programs: readonly string[];
  /** The paths of its programs by name, and of folders that it keeps, when all of it is there, in this version. */
  readonly find: () => ReadonlyMap<string, string> | undefined;
}

/** As people and messages call it. */
export function titleOf(tool: Pick<Tool, "name" | "version">): string {
  return tool.version === undefined ? tool.name : `${tool.name} ${tool.version}`;
}
