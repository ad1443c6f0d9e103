/** An action with its stages, as src/all.ts lists it. */
export interface Stages {
  readonly folder: string;
  readonly post: boolean;
}

/**
 * The text of src/all.ts: the one module that ncc bundles. Each stage is imported only when it is asked for, so that an
 * action without Azure does not load Azure.
 */
export function renderDispatcher(actions: readonly Stages[]): string {
  const entries = actions.flatMap(({ folder, post }) => [
    entry(folder, folder, "index"),
    ...(post ? [entry(`${folder}-post`, folder, "post")] : []),
  ]);
  return `// Generated from src/actions/ by scripts/generate.ts. Do not edit.
const entries = {
${entries.join("\n")}
};

/** Runs one stage of one action. */
export const load = (name: keyof typeof entries): Promise<unknown> => entries[name]();
`;
}

function entry(name: string, folder: string, stage: "index" | "post"): string {
  return `  "${name}": () => import("./actions/${folder}/${stage}.ts"),`;
}
