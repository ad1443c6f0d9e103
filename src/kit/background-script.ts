import { dirname, extname, join } from "node:path";

/**
 * The script of an action's background process: it stands beside the stage that runs, in the bundle
 * (`dist/<action>/background.js`) as among the sources (`background.ts`).
 *
 * @param stage the script that node was started with.
 */
export function findBackgroundScript(stage: string): string {
  return join(dirname(stage), `background${extname(stage)}`);
}
