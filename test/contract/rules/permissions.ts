import { listJobs, type Placed, type Rule } from "../finding.ts";
import { asTree, type YamlFile } from "../yaml-file.ts";

/** What a job says that takes all that its caller grants, since it may not ask for what not every caller has. */
const INHERITS = /^ {4}# permissions: the caller's/m;

/** Nothing at the top, and in each job only what it needs, each line with its reason. */
export const permissionsRule: Rule = (file) => {
  if (file.kind !== "workflow") return [];
  const top = file.tree["permissions"];
  const empty = top !== null && typeof top === "object" && Object.keys(top).length === 0;
  const jobs = listJobs(file);
  // What the top says counts for a job that says nothing: there, nothing may stand at the top.
  const inherited = top === undefined && jobs.some((job) => inherits(file, job));
  const atTop =
    empty || inherited ? [] : [{ line: file.lineOf("permissions"), rule: "permissions at the top are not {}" }];
  const inJobs = jobs.flatMap((job) => {
    const { place, value } = job;
    const permissions = value["permissions"];
    if (permissions === undefined && inherits(file, job)) return [];
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

/** Only a workflow that nothing but other workflows starts has a caller, and the job says that it counts on it. */
function inherits(file: YamlFile, { place }: Placed): boolean {
  const called = Object.keys(asTree(file.tree["on"])).join() === "workflow_call";
  const [, text = ""] = file.text.split(new RegExp(`^  ${place[1]}:`, "m"));
  return called && INHERITS.test(text.split(/^ {2}[\w-]+:/m)[0] ?? "");
}
