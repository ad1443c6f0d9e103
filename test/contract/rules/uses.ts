import { existsSync } from "node:fs";
import { join } from "node:path";
import { listJobs, listSteps, type Rule } from "../finding.ts";
import { ROOT } from "../repository.ts";

/** The project's own place, until it is published: examples cannot name a commit that does not exist yet. */
export const OWN_PLACE = "OWNER/mayfly/";

/** Every `uses` is `$/…` that exists, `./…` in CI, or a full SHA with its version behind it. */
export const usesRule: Rule = (file) =>
  [...listSteps(file), ...listJobs(file)].flatMap(({ place, value }) => {
    const uses = value["uses"];
    if (typeof uses !== "string") return [];
    const line = file.lineOf(...place, "uses");
    const rule = judge(uses, file, file.commentOn(line));
    return rule === undefined ? [] : [{ line, rule: `${uses}: ${rule}` }];
  });

function judge(
  uses: string,
  file: { readonly ci: boolean; readonly example: boolean },
  comment: string,
): string | undefined {
  if (uses.startsWith("$/")) return existsHere(uses.slice(2)) ? undefined : "does not exist in this repository";
  if (uses.startsWith("./")) return file.ci ? undefined : "is the caller's folder; say $/… for this repository's own";
  if (file.example && uses.startsWith(OWN_PLACE)) return undefined;
  if (!/^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[0-9a-f]{40}$/.test(uses)) return "is not pinned to a full commit SHA";
  return /^v\d+(?:\.\d+)*\b/.test(comment) ? undefined : "says no version behind the SHA (# v1.2.3)";
}

function existsHere(path: string): boolean {
  return existsSync(join(ROOT, /\.ya?ml$/.test(path) ? path : `${path}/action.yml`));
}
