import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ActionSpec } from "../../src/kit/define-action.ts";
import { listFiles, listFilesBelow, listFolders } from "../list-files.ts";
import { listStages } from "../stages.ts";
import { GENERATED_MARK, renderActionYml } from "./action-yml.ts";
import { renderDispatcher } from "./dispatcher.ts";
import { fillPages } from "./fill-pages.ts";
import { type Interface, parseAction, parseWorkflow } from "./interface-of.ts";
import { parseTerraformModule } from "./terraform-module.ts";

/** Every generated file as it should be, and what a person has to mend before it can be. */
export interface Plan {
  /** Path from the root, with `/`, to text. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** What is made of a grammar: whole files by their path, and blocks of pages in docs by the keys of their markers. */
export interface Made {
  readonly files: ReadonlyMap<string, string>;
  readonly blocks: ReadonlyMap<string, string>;
}

const NOTHING: Made = { files: new Map(), blocks: new Map() };

/** Everything that is generated, made in memory from the specs, what else is made, and the files below `root`. */
export function planFiles(root: string, specs: ReadonlyMap<string, ActionSpec>, made: Made = NOTHING): Plan {
  const read = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  const problems = [...specs].flatMap(([folder, spec]) => checkStages(root, folder, spec));
  const code = new Map(
    [...specs].map(([folder, spec]) => [`actions/${folder}/action.yml`, renderActionYml(folder, spec)]),
  );
  const stages = [...specs.keys()].map((folder) => ({ folder, stages: listStages(root, folder) }));
  code.set("src/all.ts", renderDispatcher(stages));

  const actions = new Map<string, Interface>();
  for (const folder of [...new Set([...specs.keys(), ...listFolders(join(root, "actions"))])].sort()) {
    const path = `actions/${folder}/action.yml`;
    const text = code.get(path) ?? read(path);
    if (text === undefined)
      problems.push(`actions/${folder}: has neither src/actions/${folder}/spec.ts nor action.yml`);
    else if (!specs.has(folder) && text.includes(GENERATED_MARK)) problems.push(`${path}: its spec is gone`);
    else actions.set(folder, parseAction(text, kindsOf(specs.get(folder))));
  }
  const workflows = new Map<string, Interface>();
  for (const file of listFiles(join(root, ".github/workflows"), [".yml", ".yaml"])) {
    const found = parseWorkflow(read(`.github/workflows/${file}`) ?? "");
    if (found !== undefined) workflows.set(file, found);
  }

  const modules = new Map<string, Interface>();
  for (const kind of ["modules", "stacks"]) {
    for (const name of listFolders(join(root, "terraform", kind))) {
      const folder = `terraform/${kind}/${name}`;
      const [variables, outputs] = ["variables.tf", "outputs.tf"].map((file) => read(`${folder}/${file}`));
      if (variables === undefined || outputs === undefined) {
        problems.push(`${folder}: has no variables.tf or no outputs.tf`);
      } else modules.set(folder, parseTerraformModule(name, variables, outputs));
    }
  }

  const docs = listFilesBelow(join(root, "docs"), [".md"]).map((file) => `docs/${file}`);
  const pages = fillPages({ actions, workflows, modules, blocks: made.blocks, docs, read });
  return { files: new Map([...code, ...made.files, ...pages.files]), problems: [...problems, ...pages.problems] };
}

/** What the spec says about the stages must be what the folder holds, or the bundle breaks. */
function checkStages(root: string, folder: string, spec: ActionSpec): readonly string[] {
  const has = (file: string): boolean => existsSync(join(root, "src/actions", folder, file));
  return [
    ...(has("index.ts") ? [] : [`src/actions/${folder}: has no index.ts`]),
    ...(has("post.ts") === (spec.post === true) ? [] : [`src/actions/${folder}: post.ts and spec.post do not agree`]),
  ];
}

function kindsOf(spec: ActionSpec | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(spec?.inputs ?? {}).map(([name, input]) => [name, input.kind]));
}
