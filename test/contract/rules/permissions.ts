import { listJobs, type Rule } from "../finding.ts";
import { asTree } from "../yaml-file.ts";

/** Nothing at the top, and in each job only what it needs, each line with its reason. */
export const permissionsRule: Rule = (file) => {
  if (file.kind !== "workflow") return [];
  const top = file.tree["permissions"];
  const empty = top !== null && typeof top === "object" && Object.keys(top).length === 0;
  const atTop = empty ? [] : [{ line: file.lineOf("permissions"), rule: "permissions at the top are not {}" }];
  const inJobs = listJobs(file).flatMap(({ place, value }) => {
    const permissions = value["permissions"];
    if (permissions === null || typeof permissions !== "object") {
      return [{ line: file.lineOf(...place), rule: `job ${place[1]} does not list its permissions` }];
    }
    return Object.keys(asTree(permissions)).flatMap((scope) => {
      const line = file.lineOf(...place, "permissions", scope);
      return file.commentOn(line) === "" ? [{ line, rule: `permission ${scope} has no comment that says why` }] : [];
    });
  });
  return [...atTop, ...inJobs];
};
