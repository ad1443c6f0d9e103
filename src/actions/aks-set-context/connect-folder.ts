import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { harmless } from "../../kit/harmless.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolder } from "../../kit/scratch-folder.ts";
import { UserError } from "../../kit/user-error.ts";
import { type ExecAnswer, parseExecCredential } from "../../kubeconfig/exec-credential.ts";
import { parsePluginFailure } from "../../kubeconfig/plugin-failure.ts";
import { type PluginSettings, renderPluginSettings } from "../../kubeconfig/plugin-settings.ts";
import { FOLDER, FOLDER_STATE } from "./state.ts";
import type { KubeconfigFolder } from "./world.ts";

const PLUGIN = "plugin.cjs";
/** All tries of the plugin together end before that. */
const LONGEST_LOGIN_MS = 180_000;

/**
 * Makes the folder that goes with the job, with a copy of the plugin: later steps need it when the action's own folder
 * may be gone.
 *
 * @param stage the script of the running stage, beside which the plugin stands
 * @throws UserError `runner-files`
 */
export async function makeKubeconfigFolder(
  runner: Pick<Runner, "tempFolder" | "saveState">,
  stage: string = process.argv[1] ?? "",
): Promise<KubeconfigFolder> {
  const folder = await makeScratchFolder(FOLDER, runner.tempFolder);
  runner.saveState(FOLDER_STATE, folder);
  const script = join(folder, PLUGIN);
  await copyFile(join(dirname(stage), PLUGIN), script);
  return {
    command: process.execPath,
    script,
    writeKubeconfig: async (text) => {
      const path = join(folder, "kubeconfig");
      await writeFile(path, text, { mode: 0o600, flag: "wx" });
      return path;
    },
  };
}

/** Runs the plugin as kubectl will, until its answer or until `over`. @throws UserError with its code and words; `cancelled` */
export async function runPlugin(
  { command, script }: Pick<KubeconfigFolder, "command" | "script">,
  settings: PluginSettings,
  over: AbortSignal,
  runner: Pick<Runner, "environment" | "mask" | "cancelled">,
): Promise<ExecAnswer> {
  const env = { ...runner.environment, ...renderPluginSettings(settings) };
  const options = { env, signal: AbortSignal.any([runner.cancelled, over]), timeout: LONGEST_LOGIN_MS };
  const { stdout } = await promisify(execFile)(command, [script], options).catch((cause: unknown) => {
    if (runner.cancelled.aborted) {
      throw new UserError("cancelled", "The job was cancelled before the identity was logged in to the cluster.");
    }
    throw explainFailure(cause);
  });
  const answer = parseExecCredential(stdout);
  if (answer === undefined) throw new Error("The credential plugin printed no credential");
  runner.mask(answer.token);
  return answer;
}

/** @param cause what `execFile` rejects with: it has what the process said */
function explainFailure(cause: unknown): Error {
  const { stderr } = (cause ?? {}) as { readonly stderr?: unknown };
  const failure = parsePluginFailure(typeof stderr === "string" ? stderr : "");
  // A fault of ours keeps its words; the child's command line, which the error repeats, holds no secret.
  if (failure === undefined || failure.code === "unexpected") {
    return new Error(harmless(`The credential plugin failed: ${stderr}`), { cause });
  }
  const { code, message } = failure;
  return new UserError(code, message);
}
