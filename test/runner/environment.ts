import { SHORT_LIVED_GO } from "../short-lived-go.ts";
import { githubVariables } from "./github-context.ts";
import { inputVariable } from "./inputs.ts";
import { envOf, type Frame, runnerContext } from "./job-run.ts";

/** PATH of a machine whose owner said nothing else. */
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The variables that the log's `env:` block shows: of job and step, and the step's state. */
export function shownEnvironment(frame: Frame): Record<string, string> {
  const state = [...frame.instance.state].map(([name, value]) => [`STATE_${name}`, value] as const);
  return { ...envOf(frame), ...Object.fromEntries(state) };
}

/** PATH of a step, with what earlier steps put in front. */
export function pathOf(frame: Frame): string {
  const { run } = frame;
  const base = envOf(frame)["PATH"] ?? run.job.machineEnv?.["PATH"] ?? systemPath;
  return [...run.path.toReversed(), base].join(":");
}

/**
 * The whole environment of a step's process, from nothing: the machine's part, job and step, inputs (JavaScript
 * actions only), GITHUB_* and RUNNER_*, the id token's pair where the job may have it, and ACTIONS_RUNTIME_* for
 * JavaScript actions.
 */
export function processEnvironment(
  frame: Frame,
  inputs: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const { run } = frame;
  const { job, folders } = run;
  const environment: Record<string, string> = {
    HOME: folders.home,
    USER: "runner",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    ...SHORT_LIVED_GO,
    ...job.machineEnv,
    RUNNER_TRACKING_ID: run.trackingId,
    ...shownEnvironment(frame),
  };
  for (const [name, value] of Object.entries(inputs ?? {})) environment[inputVariable(name)] = value;
  environment["PATH"] = pathOf(frame);
  Object.assign(environment, githubVariables({ ...run.github, ...frame.github }));
  for (const [name, value] of Object.entries(runnerContext(run))) environment[`RUNNER_${name.toUpperCase()}`] = value;
  if (inputs !== undefined) {
    Object.assign(environment, runtimeVariables(frame));
    delete environment["NODE_ICU_DATA"];
  }
  if (job.permissions?.["id-token"] === "write" && job.idToken !== undefined) {
    environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = job.idToken.requestUrl;
    environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = job.idToken.requestToken;
  }
  environment["GITHUB_ACTIONS"] = "true";
  environment["CI"] ??= "true";
  return environment;
}

/** The runtime token of a job whose caller gave none; masked like a real one. */
export const defaultRuntimeToken = "runtime-token-of-the-harness";

/** What JavaScript actions get of the service that runs the job; nothing answers there unless the caller says so. */
function runtimeVariables(frame: Frame): Record<string, string> {
  return {
    ACTIONS_RUNTIME_URL: "https://pipelines.invalid/",
    ACTIONS_RUNTIME_TOKEN: frame.run.job.idToken?.requestToken ?? defaultRuntimeToken,
    ACTIONS_RESULTS_URL: "https://results.invalid/",
    ACTIONS_CACHE_URL: "https://cache.invalid/",
    ACTIONS_CACHE_SERVICE_V2: "True",
    ACTIONS_ORCHESTRATION_ID: `${frame.run.trackingId}.job`,
    ...frame.run.job.runtime,
  };
}
