import { buildGoTools } from "./build-go-tools.ts";
import type { DebianTool } from "./debian-tools.ts";
import type { GoTool } from "./go-tools.ts";
import { installDebianTools } from "./install-debian-tools.ts";
import { openWorkshop } from "./workshop.ts";

/**
 * Gets tools that are not there, and says what it does. SIGINT and SIGTERM end it, with its commands and its folders.
 *
 * @returns what failed, one text for each
 */
export async function getTools(missing: readonly (GoTool | DebianTool)[]): Promise<readonly string[]> {
  const cancel = new AbortController();
  const abort = () => cancel.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  const workshop = openWorkshop((line) => console.log(`tools: ${line}`), cancel.signal);
  try {
    const packages = missing.filter((tool) => tool.source === "Debian");
    return [
      ...(await installDebianTools(packages, workshop)),
      ...(await buildGoTools(
        missing.filter((tool) => tool.source === "Go"),
        workshop,
      )),
    ];
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}
