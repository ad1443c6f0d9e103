// Generated from src/actions/ by scripts/generate.ts. Do not edit.
const entries = {
  "azure-login": () => import("./actions/azure-login/index.ts"),
  "azure-login-post": () => import("./actions/azure-login/post.ts"),
  "ttl-reaper": () => import("./actions/ttl-reaper/index.ts"),
  "ttl-reaper-post": () => import("./actions/ttl-reaper/post.ts"),
};

/** Runs one stage of one action. */
export const load = (name: keyof typeof entries): Promise<unknown> => entries[name]();
