import { nameEntry, type Stage } from "../stages.ts";

/** An action with its stages, as src/all.ts lists it. */
export interface Stages {
  readonly folder: string;
  readonly stages: readonly Stage[];
}

/**
 * The text of src/all.ts: the one module that ncc bundles. Each stage is imported only when it is asked for, so that an
 * action without Azure does not load Azure.
 */
export function renderDispatcher(actions: readonly Stages[]): string {
  const entries = actions.flatMap(({ folder, stages }) =>
    stages.map((stage) => `  "${nameEntry(folder, stage)}": () => import("./actions/${folder}/${stage}.ts"),`),
  );
  return `// Generated from src/actions/ by scripts/generate.ts. Do not edit.
const entries = {
${entries.join("\n")}
};

/** Runs one stage of one action. */
export const load = (name: keyof typeof entries): Promise<unknown> => entries[name]();
`;
}
