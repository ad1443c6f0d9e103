import { asList, asTree, type Tree, type YamlFile } from "./yaml-file.ts";

/** A place that breaks a rule, and the rule in words. */
export interface Finding {
  readonly line: number;
  readonly rule: string;
}

/** What a rule says of one file. */
export type Rule = (file: YamlFile) => readonly Finding[];

/** `path:line: rule`, as editors and terminals understand it. */
export function render(file: { readonly path: string }, findings: readonly Finding[]): readonly string[] {
  return findings.map(({ line, rule }) => `${file.path}:${line}: ${rule}`);
}

/** A step or a calling job, with its place in the tree. */
export interface Placed {
  readonly place: readonly (string | number)[];
  readonly value: Tree;
}

/** The jobs of a workflow. */
export function listJobs(file: YamlFile): readonly Placed[] {
  return Object.entries(asTree(file.tree["jobs"])).map(([name, job]) => ({
    place: ["jobs", name],
    value: asTree(job),
  }));
}

/** The steps of every job, or of a composite. */
export function listSteps(file: YamlFile): readonly Placed[] {
  const owners = file.kind === "action" ? [{ place: ["runs"], value: asTree(file.tree["runs"]) }] : listJobs(file);
  return owners.flatMap(({ place, value }) =>
    asList(value["steps"]).map((step, index) => ({ place: [...place, "steps", index], value: asTree(step) })),
  );
}
