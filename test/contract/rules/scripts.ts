import { listSteps, type Rule } from "../finding.ts";
import { asTree } from "../yaml-file.ts";

/** More than this is a .sh file that shellcheck reads. */
const LONGEST_SCRIPT_LINES = 8;
/** A reusable workflow runs in a job that has not checked out this repository: there is no file to call. */
const LONGEST_SCRIPT_LINES_WITHOUT_CHECKOUT = 20;

/** What a shell or another interpreter reads holds no expression: values reach it through env. */
export const scriptsRule: Rule = (file) =>
  listSteps(file).flatMap(({ place, value }) => {
    const reusable = "workflow_call" in asTree(file.tree["on"]);
    const longest = reusable ? LONGEST_SCRIPT_LINES_WITHOUT_CHECKOUT : LONGEST_SCRIPT_LINES;
    const scripts = [
      { at: [...place, "run"], text: value["run"] },
      { at: [...place, "with", "script"], text: asTree(value["with"])["script"] },
    ];
    return scripts.flatMap(({ at, text }) => {
      if (typeof text !== "string") return [];
      const line = file.lineOf(...at);
      return [
        ...(text.includes("${{") ? [{ line, rule: "a script holds an expression: give the value in env" }] : []),
        ...(text.trim().split("\n").length > longest ? [{ line, rule: "a long script is a .sh file" }] : []),
      ];
    });
  });
