import type { Runner } from "../../kit/runner.ts";
import { removeAzFolder } from "./az.ts";
import { AZ_FOLDER } from "./state.ts";

/** Removes what main made: the az CLI's folder, if there is one. Without state there is nothing to do. */
export async function cleanUp(runner: Pick<Runner, "state" | "tempFolder" | "log">): Promise<void> {
  const folder = runner.state(AZ_FOLDER);
  if (folder === "") return;
  const left = await removeAzFolder(folder, runner.tempFolder);
  if (left === undefined) runner.log.info(`Removed ${folder}`);
  else runner.log.warning(`Left in place: ${left}.`, { title: "Azure login: clean-up was not finished" });
}
