import { buildGoTools } from "./build-go-tools.ts";
import type { KnownTool } from "./catalogue.ts";
import { installDebianTools } from "./install-debian-tools.ts";
import { installNpmTools } from "./install-npm-tools.ts";
import { openWorkshop } from "./workshop.ts";

/**
 * Gets tools that are not there, and says what it does. SIGINT and SIGTERM end it, with its commands and its folders.
 *
 * @returns what failed, one text for each
 */
export async function getTools(missing: readonly KnownTool[]): Promise<readonly string[]> {
  const cancel = new AbortController();
  const abort = () => cancel.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  const workshop = openWorkshop((line) => console.log(`tools: ${line}`), cancel.signal);
  try {
    const packages = missing.filter((tool) => tool.source === "Debian");
    return [
      ...(await installDebianTools(packages, workshop)),
      ...(await installNpmTools(
        missing.filter((tool) => tool.source === "npm"),
        workshop,
      )),
      ...(await buildGoTools(
        missing.filter((tool) => tool.source === "Go"),
        workshop,
      )),
    ];
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
  }
}
