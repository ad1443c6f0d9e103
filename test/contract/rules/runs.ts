import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { NODE_RUNTIME } from "../../../scripts/generate/action-yml.ts";
import { listSteps, type Rule } from "../finding.ts";
import { ROOT } from "../repository.ts";
import { asTree } from "../yaml-file.ts";

/** JavaScript actions run on the one Node version, and what they run is committed in dist. */
export const runsRule: Rule = (file) => {
  const runs = asTree(file.tree["runs"]);
  const using = runs["using"];
  if (file.kind !== "action" || using === "composite") return [];
  const wrongNode =
    using === NODE_RUNTIME ? [] : [{ line: file.lineOf("runs", "using"), rule: `runs on ${NODE_RUNTIME} only` }];
  const missing = ["pre", "main", "post"].flatMap((stage) => {
    const script = runs[stage];
    if (script === undefined) return stage === "main" ? [{ line: file.lineOf("runs"), rule: "has no main" }] : [];
    const path = relative(ROOT, resolve(ROOT, file.path, "..", String(script)));
    const committed = path.startsWith("dist/") && existsSync(join(ROOT, path));
    return committed ? [] : [{ line: file.lineOf("runs", stage), rule: `${stage}: ${path} is not in dist` }];
  });
  return [...wrongNode, ...missing];
};

/** Every job sets up the one Node version. */
export const setupNodeRule: Rule = (file) =>
  listSteps(file).flatMap(({ place, value }) => {
    if (!String(value["uses"]).startsWith("actions/setup-node@")) return [];
    const version = String(asTree(value["with"])["node-version"]);
    if (`node${version.split(".")[0]}` === NODE_RUNTIME) return [];
    return [{ line: file.lineOf(...place), rule: `setup-node: node-version is not that of ${NODE_RUNTIME}` }];
  });
