import type { InputsOf, Result, Run } from "../../kit/define-action.ts";
import type { COMMANDS, spec } from "./spec.ts";
import type { World } from "./world.ts";

export type Inputs = InputsOf<typeof spec>;
export type Outcome = Result<typeof spec>;
export type Command = (inputs: Inputs, world: World) => Promise<Outcome>;

/** Each command is loaded when it is the one: `gate` needs nothing that renders a report. */
const commands: Readonly<Record<(typeof COMMANDS)[number], () => Promise<Command>>> = {
  gate: async () => (await import("./gate.ts")).gate,
  "read-command": async () => (await import("./read-command.ts")).readCommand,
  report: async () => (await import("./report.ts")).report,
  extend: async () => (await import("./extend.ts")).extend,
  remove: async () => (await import("./remove.ts")).remove,
  next: async () => (await import("./next.ts")).next,
};

/** Runs one command of previews. */
export const run: Run<typeof spec, World> = async (inputs, world) => {
  const command = await commands[inputs.command]();
  return command(inputs, world);
};
