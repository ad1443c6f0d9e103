import { listSteps, type Rule } from "../finding.ts";
import { asTree } from "../yaml-file.ts";

/** More than this is a .sh file that shellcheck reads. */
const LONGEST_SCRIPT_LINES = 8;

/** What a shell or another interpreter reads holds no expression: values reach it through env. */
export const scriptsRule: Rule = (file) =>
  listSteps(file).flatMap(({ place, value }) => {
    const scripts = [
      { at: [...place, "run"], text: value["run"] },
      { at: [...place, "with", "script"], text: asTree(value["with"])["script"] },
    ];
    return scripts.flatMap(({ at, text }) => {
      if (typeof text !== "string") return [];
      const line = file.lineOf(...at);
      return [
        ...(text.includes("${{") ? [{ line, rule: "a script holds an expression: give the value in env" }] : []),
        ...(text.trim().split("\n").length > LONGEST_SCRIPT_LINES
          ? [{ line, rule: "a long script is a .sh file" }]
          : []),
      ];
    });
  });
