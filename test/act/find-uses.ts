import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** Folders by `owner/repository@ref`: what act finds instead of asking a server. */
export type Places = ReadonlyMap<string, string>;

/**
 * The `uses:` that a workflow reaches, through called workflows and composites, and that no place answers for: act would
 * fetch them from GitHub, and end without a single step of the job where that fails.
 *
 * @param workflow the path of the file
 * @param workspace the folder of what `./` names: the consumer's repository
 * @returns `file: uses`, each once
 */
export function findUnmapped(workflow: string, workspace: string, places: Places): readonly string[] {
  const unmapped = new Set<string>();
  const seen = new Set<string>();
  const look = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const uses of listUses(parse(readFileSync(file, "utf8")))) {
      const found = resolveUses(uses, workspace, places);
      if (found === undefined || (uses.startsWith("./") && !file.startsWith(workspace)))
        unmapped.add(`${file}: ${uses}`);
      else look(found);
    }
  };
  look(workflow);
  return [...unmapped];
}

/** `owner/repository@ref` of everything that workflows and actions below a folder use and that is not theirs. */
export function listForeignUses(folder: string): readonly string[] {
  const files = globSync(["**/.github/workflows/*.{yml,yaml}", "**/action.{yml,yaml}"], { cwd: folder });
  const all = files.flatMap((file) => listUses(parse(readFileSync(join(folder, file), "utf8"))));
  const foreign = all.flatMap((uses) => {
    const { repository, ref } = splitUses(uses);
    return repository === "" ? [] : [`${repository}@${ref}`];
  });
  return [...new Set(foreign)];
}

interface Yaml {
  readonly jobs?: Readonly<Record<string, { readonly uses?: string; readonly steps?: readonly Step[] }>>;
  readonly runs?: { readonly steps?: readonly Step[] | null };
}
interface Step {
  readonly uses?: string;
}

function listUses({ jobs = {}, runs }: Yaml): readonly string[] {
  const all = [...Object.values(jobs).flatMap((job) => [job, ...(job.steps ?? [])]), ...(runs?.steps ?? [])];
  return all.flatMap(({ uses }: Step) => (uses === undefined ? [] : [uses]));
}

/** The workflow or action.yml that a `uses:` means. */
function resolveUses(uses: string, workspace: string, places: Places): string | undefined {
  const { repository, path, ref } = splitUses(uses);
  const folder = uses.startsWith("./") ? workspace : places.get(`${repository}@${ref}`);
  if (folder === undefined) return undefined;
  const inside = uses.startsWith("./") ? uses.slice(2) : path;
  const files = /\.ya?ml$/.test(inside) ? [inside] : ["action.yml", "action.yaml"].map((name) => join(inside, name));
  return files.map((file) => join(folder, file)).find((file) => existsSync(file));
}

/** All empty for what is in no repository of its own: `./x`, `docker://x`. */
function splitUses(uses: string): Readonly<Record<"repository" | "path" | "ref", string>> {
  const [, repository = "", path = "", ref = ""] = /^([^/@:.]+\/[^/@:]+)(?:\/([^@]+))?@(.+)$/.exec(uses) ?? [];
  return { repository, path, ref };
}
