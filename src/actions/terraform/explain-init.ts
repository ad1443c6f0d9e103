import type { UserError } from "../../kit/user-error.ts";
import { readTextDiagnostics } from "../../terraform/diagnostics/read-text-diagnostics.ts";
import { explainOutput } from "./json-call.ts";
import { nameInputs } from "./name-inputs.ts";
import type { Storyteller } from "./storyteller.ts";
import type { ToolOutcome, World } from "./world.ts";

/** Tells what an init that failed has said, and why it failed. */
export function explainInit(
  done: ToolOutcome,
  { world, teller }: { readonly world: World; readonly teller: Storyteller },
): UserError {
  // It speaks to people; what it says of the configuration is told at its line all the same.
  const said = nameInputs(world.redact(`${done.stdout}\n${done.stderr}`));
  for (const line of world.redact(done.stderr).split("\n")) if (line.trim() !== "") world.log.info(line);
  teller.tell({ diagnostics: readTextDiagnostics(said) });
  return explainOutput("init", done, world);
}
