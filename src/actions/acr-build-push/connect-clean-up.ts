import { removeDockerConfig } from "../../docker/config-folder.ts";
import type { Runner } from "../../kit/runner.ts";
import { DOCKER_FOLDER } from "./state.ts";

/** Removes docker's configuration where main could not: after a kill. Without state there is nothing to do. */
export async function cleanUp(runner: Pick<Runner, "state" | "tempFolder" | "log">): Promise<void> {
  const folder = runner.state(DOCKER_FOLDER);
  if (folder === "") return;
  const left = await removeDockerConfig(folder, runner.tempFolder);
  if (left !== undefined) runner.log.warning(`Left in place: ${left}.`, { title: "Clean-up was not finished" });
}
