import type { Rule } from "../finding.ts";
import { asTree, type YamlFile } from "../yaml-file.ts";

type Place = readonly string[];

function inputsOf(file: YamlFile): { readonly place: Place; readonly names: readonly string[] } {
  const place = file.kind === "action" ? ["inputs"] : ["on", "workflow_call", "inputs"];
  const tree = place.reduce<unknown>((found, key) => asTree(found)[key], file.tree);
  return { place, names: Object.keys(asTree(tree)) };
}

/** Names are kebab-case, everything has a description, and a name says which values are secret. */
export const namesRule: Rule = (file) => {
  const { place, names } = inputsOf(file);
  const outputs = file.kind === "action" ? ["outputs"] : ["on", "workflow_call", "outputs"];
  const outputNames = Object.keys(asTree(outputs.reduce<unknown>((found, key) => asTree(found)[key], file.tree)));
  const all = [...names.map((name) => [...place, name]), ...outputNames.map((name) => [...outputs, name])];
  return all.flatMap((at) => {
    const name = at.at(-1) ?? "";
    const fields = asTree(at.reduce<unknown>((found, key) => asTree(found)[key], file.tree));
    const line = file.lineOf(...at);
    return [
      ...(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) ? [] : [{ line, rule: `${name} is not kebab-case` }]),
      ...(/\S.*[.?)]$/s.test(String(fields["description"] ?? "").trim())
        ? []
        : [{ line, rule: `${name} is not described in a sentence` }]),
    ];
  });
};

/** A composite or reusable workflow uses every input it declares, and declares every input it uses. */
export const forwardingRule: Rule = (file) => {
  const using = asTree(file.tree["runs"])["using"];
  const { place, names } = inputsOf(file);
  const reusable = file.kind === "workflow" && "workflow_call" in asTree(file.tree["on"]);
  if (!reusable && using !== "composite") return [];
  const dispatch = Object.keys(asTree(asTree(asTree(file.tree["on"])["workflow_dispatch"])["inputs"]));
  const used = new Set([...file.text.matchAll(/\binputs\.([\w-]+)/g)].map(([, name = ""]) => name));
  const unused = names.filter((name) => !used.has(name));
  const unknown = [...used].filter((name) => !names.includes(name) && !dispatch.includes(name));
  return [
    ...unused.map((name) => ({ line: file.lineOf(...place, name), rule: `input ${name} is declared and never used` })),
    ...unknown.map((name) => ({ line: 1, rule: `inputs.${name} is used and not declared` })),
  ];
};

/**
 * What is written in another form in each action: lists of images, which are built and go somewhere, or are somewhere and
 * are copied; the words that terraform has for its own things; and what an action exports to later steps.
 */
const OWN_FORM: ReadonlySet<string> = new Set([
  ...["images", "command", "targets", "tags", "outputs", "export", "variables"],
  // What is locked, unchanged or waited for, and what a token is for, differs.
  ...["on-lock", "skip-if-unchanged", "wait", "github-token"],
]);

/** What a composite takes for several of the actions in it, or makes optional, says more there than in any of them. */
const COMPOSITE_FORM: ReadonlySet<string> = new Set([
  ...["working-directory", "plan-digest", "expires-at", "cluster", "chart", "release", "values-yaml"],
]);

/** The same name means the same everywhere: every two actions describe it alike, but for where its default comes from. */
export function compareDescriptions(files: readonly YamlFile[]): readonly string[] {
  const first = new Map<string, { readonly description: string; readonly path: string }>();
  return files
    .filter((file) => file.kind === "action")
    .flatMap((file) =>
      inputsOf(file).names.flatMap((name) => {
        if (COMPOSITE_FORM.has(name) && asTree(file.tree["runs"])["using"] === "composite") return [];
        const raw = String(asTree(asTree(file.tree["inputs"])[name])["description"]);
        const description = raw.replace(/ Defaults to .*$/, "");
        const known = first.get(name);
        if (known === undefined) first.set(name, { description, path: file.path });
        if (known === undefined || known.description === description || OWN_FORM.has(name)) return [];
        return [`${file.path}:${file.lineOf("inputs", name)}: ${name} is described otherwise in ${known.path}`];
      }),
    );
}
