import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listFilesBelow } from "../../scripts/list-files.ts";
import { parseYamlFile, type YamlFile } from "./yaml-file.ts";

/** The repository's root. */
export const ROOT = join(import.meta.dirname, "../..");

/** Built, installed or ignored: nobody writes these by hand. */
const NOT_OURS = /^(?:node_modules|lib|dist|coverage|demo-report|\.git)\//;

/** Every file that people write, as paths from the root. The listing looks into hidden folders too. */
export function listSources(endings: readonly string[]): readonly string[] {
  return listFilesBelow(ROOT, endings, NOT_OURS);
}

/** The text of a file, by its path from the root. */
export function readSource(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every workflow and action.yml of the repository and its examples. */
export function listYaml(): readonly YamlFile[] {
  const wanted =
    /^(?:examples\/.*)?\.github\/workflows\/[^/]+\.ya?ml$|^actions\/[^/]+\/action\.ya?ml$|^examples\/.*\.ya?ml$/;
  // A chart's templates are YAML only once they are rendered.
  const template = /\/templates\//;
  const files = listSources([".yml", ".yaml"]).filter((path) => wanted.test(path) && !template.test(path));
  return files.map((path) => parseYamlFile(path, readSource(path))).filter((file) => file.kind !== "other");
}
