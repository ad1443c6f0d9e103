/** Where specs are. */
export interface SpecFiles {
  /** The files that a path or a glob names, sorted, as the workspace has them; empty where there is none. */
  find(pattern: string): Promise<readonly string[]>;
  read(path: string): Promise<string>;
}
