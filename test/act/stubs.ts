import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findStandIn } from "../runner/stand-ins.ts";
import type { StubPlaces } from "./run-stub.ts";

/**
 * Writes a folder that act takes for a foreign action, which does what the harness's stand-in of it does.
 *
 * @param repository `actions/checkout`
 * @throws Error when the harness has no stand-in of it
 */
export function writeStub(folder: string, repository: string, places: StubPlaces): string {
  const manifest = findStandIn(repository)?.manifest;
  if (manifest === undefined) throw new Error(`Nothing stands in for ${repository}`);
  const inputs = Object.entries(manifest.inputs).map(([name, { default: value }]) => [name, { default: value }]);
  const action = {
    name: manifest.name,
    inputs: Object.fromEntries(inputs),
    runs: { using: "node24", main: "main.js" },
  };
  mkdirSync(folder, { recursive: true });
  // JSON is YAML, too.
  writeFileSync(join(folder, "action.yml"), JSON.stringify(action));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(
    join(folder, "main.js"),
    `import { runStub } from ${JSON.stringify(join(import.meta.dirname, "run-stub.ts"))};
runStub(${JSON.stringify(repository)}, ${JSON.stringify(places)});
`,
  );
  return folder;
}
