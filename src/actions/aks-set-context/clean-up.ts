import type { Runner } from "../../kit/runner.ts";
import { removeScratchFolder } from "../../kit/scratch-folder.ts";
import { FOLDER, FOLDER_STATE } from "./state.ts";

/** Removes what main made: kubeconfig, plugin, and the token that it keeps. Without state there is nothing to do. */
export async function cleanUp(runner: Pick<Runner, "state" | "tempFolder" | "log">): Promise<void> {
  const folder = runner.state(FOLDER_STATE);
  if (folder === "") return;
  const left = await removeScratchFolder(folder, FOLDER, runner.tempFolder);
  if (left === undefined) runner.log.info(`Removed ${folder}`);
  else runner.log.warning(`Left in place: ${left}.`, { title: "AKS set context: clean-up was not finished" });
}
