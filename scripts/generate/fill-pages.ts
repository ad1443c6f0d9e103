import type { Interface } from "./interface-of.ts";
import { fillMarkers } from "./markers.ts";
import { renderActions, renderInputs, renderOutputs } from "./tables.ts";

interface Sources {
  /** Action folder to what its action.yml offers. */
  readonly actions: ReadonlyMap<string, Interface>;
  /** File name to what the reusable workflow offers. */
  readonly workflows: ReadonlyMap<string, Interface>;
  /** Folder of a terraform module or stack, as a path from the root, to what it offers. */
  readonly modules: ReadonlyMap<string, Interface>;
  /** What else belongs into pages of docs, by the key of its marker; each has to stand in one. */
  readonly blocks: ReadonlyMap<string, string>;
  /** Pages below docs, as paths from the root. */
  readonly docs: readonly string[];
  readonly read: (path: string) => string | undefined;
}

interface Pages {
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/**
 * Every page with its tables: the README of each action and terraform module, the top README, the pages in docs. Tables of
 * an action or module stand in its own README, the list of actions in the top one, and a workflow's tables in the top one or any page of docs.
 */
export function fillPages({ actions, workflows, modules, blocks, docs, read }: Sources): Pages {
  const files = new Map<string, string>();
  const problems: string[] = [];
  const found = new Set<string>();

  const fill = (path: string, blocks: ReadonlyMap<string, string>, needed: readonly string[]): void => {
    const page = read(path);
    if (page === undefined) {
      problems.push(`${path}: is missing`);
      return;
    }
    const filled = fillMarkers(page, blocks);
    const missing = needed.filter((key) => !filled.keys.has(key));
    problems.push(...filled.problems.map((problem) => `${path}: ${problem}`));
    problems.push(...missing.map((key) => `${path}: has no ${markersOf(key)}`));
    for (const key of filled.keys) found.add(key);
    files.set(path, filled.text);
  };

  const own = [...[...actions].map(([folder, offered]) => [`actions/${folder}`, offered] as const), ...modules];
  for (const [folder, { inputs, outputs }] of own) {
    const tables = [
      ["inputs", renderInputs(inputs)],
      ["outputs", renderOutputs(outputs)],
    ] as const;
    fill(`${folder}/README.md`, new Map(tables), ["inputs", "outputs"]);
  }
  const ofWorkflows = tablesOf(workflows);
  const shared = new Map([["actions", renderActions(actions)], ...ofWorkflows, ...blocks]);
  fill("README.md", shared, ["actions"]);
  for (const page of docs) fill(page, shared, []);

  const unseen = [...ofWorkflows.keys(), ...blocks.keys()].filter((key) => !found.has(key));
  problems.push(...unseen.map((key) => `README.md: neither it nor a page in docs has ${markersOf(key)}`));
  return { files, problems };
}

function tablesOf(workflows: ReadonlyMap<string, Interface>): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const [file, { inputs, secrets, outputs }] of workflows) {
    if (inputs.length > 0) tables.set(`workflow ${file} inputs`, renderInputs(inputs));
    if (secrets.length > 0) tables.set(`workflow ${file} secrets`, renderInputs(secrets));
    if (outputs.length > 0) tables.set(`workflow ${file} outputs`, renderOutputs(outputs));
  }
  return tables;
}

function markersOf(key: string): string {
  return `<!-- ${key} --> … <!-- /${key} -->`;
}
