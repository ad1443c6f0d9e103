// Only tsc reads this file: what it says about types either compiles or fails the build.
import { defineAction, type InputsOf, type OutputsOf, type Run } from "../../src/kit/define-action.ts";
import { choice, duration, flag, lines, pairs, quantity, secret, text } from "../../src/kit/input.ts";
import { yamlBlock } from "../../src/kit/yaml-block.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(answer: Same<A, B>): void;

const spec = defineAction({
  name: "Sample",
  description: "Only for its types.",
  inputs: {
    needed: text({ description: "a", required: true }),
    preset: text({ description: "b", default: "x" }),
    "may-be-absent": text({ description: "c" }),
    "from-env": text({ description: "d", env: "SOME_VARIABLE" }),
    "from-env-or-fail": text({ description: "e", env: "SOME_VARIABLE", required: true }),
    mode: choice("report", "delete")({ description: "f", default: "report" }),
    "open-mode": choice("a", "b")({ description: "g" }),
    "dry-run": flag({ description: "h", default: "true" }),
    names: lines({ description: "i" }),
    values: pairs({ description: "j" }),
    "sha-256": text({ description: "k", required: true }),
    grace: duration({ description: "l" }),
    "max-deletions": quantity({ description: "m", unit: "groups", min: 0, max: 9, default: "1" }),
    "a-token": secret({ description: "n", required: true }),
    block: yamlBlock({ description: "o" }),
  },
  outputs: { deleted: "Names.", "report-path": "A path." },
});
type Inputs = InputsOf<typeof spec>;

same<Inputs["needed"], string>(true);
same<Inputs["preset"], string>(true);
same<Inputs["mayBeAbsent"], string | undefined>(true);
same<Inputs["fromEnv"], string | undefined>(true);
same<Inputs["fromEnvOrFail"], string>(true);
same<Inputs["mode"], "report" | "delete">(true);
same<Inputs["openMode"], "a" | "b" | undefined>(true);
same<Inputs["dryRun"], boolean>(true);
same<Inputs["names"], readonly string[]>(true);
same<Inputs["values"], Readonly<Record<string, string>>>(true);
same<Inputs["sha256"], string>(true);
same<Inputs["grace"], number | undefined>(true);
same<Inputs["maxDeletions"], number>(true);
same<Inputs["aToken"], string>(true);
same<Inputs["block"], Readonly<Record<string, unknown>>>(true);
same<
  keyof Inputs,
  | ("needed" | "preset" | "mayBeAbsent" | "fromEnv" | "fromEnvOrFail" | "mode" | "openMode" | "dryRun" | "names")
  | ("values" | "sha256" | "grace" | "maxDeletions" | "aToken" | "block")
>(true);
// The helper itself can say no.
same<Inputs["needed"], string | undefined>(false);

// What every action gets is not for `run` to return.
same<keyof OutputsOf<typeof spec>, "deleted" | "report-path">(true);

export const outputs: Run<typeof spec, object> = async () => ({ outputs: { deleted: 3, "report-path": undefined } });
// @ts-expect-error an output that is spelled wrong does not compile
export const misspelled: Run<typeof spec, object> = async () => ({ outputs: { delted: 3 } });
declare const inputs: Inputs;
// @ts-expect-error inputs are read only
inputs.needed = "x";
// @ts-expect-error a flag has a default
flag({ description: "x" });
// @ts-expect-error the default is one of the choices
choice("a", "b")({ description: "x", default: "c" });
