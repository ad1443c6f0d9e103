/** What was wrong, as the plugin said it. */
export interface PluginFailure {
  /** A stable code. */
  readonly code: string;
  readonly message: string;
}

const OPENING = "No credential for the cluster";

/** Where the variables of a job do not arrive, that is mostly because somebody took them away on the way. */
const NO_JOB: ReadonlySet<string> = new Set(["id-token-not-on-actions", "id-token-permission"]);
const NO_JOB_HINT =
  "Also: this kubeconfig is good for the job that made it. `sudo`, `env -i` and containers do not pass ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN on by themselves (sudo --preserve-env).";

/** What the plugin says on stderr: kubectl and helm show it before their own error. */
export function renderPluginFailure(code: string, message: string): string {
  const hint = NO_JOB.has(code) ? `\n${NO_JOB_HINT}` : "";
  return `${OPENING} (${code}): ${message}${hint}`;
}

/** The failure in what the plugin said on stderr; undefined when it said something else. */
export function parsePluginFailure(text: string): PluginFailure | undefined {
  const [, code, message] = new RegExp(`^${OPENING} \\(([a-z0-9-]+)\\): ([\\s\\S]*)`, "m").exec(text) ?? [];
  return code === undefined || message === undefined ? undefined : { code, message: message.trim() };
}
