// Usage: npm run tools [name…], npm run tools -- --list
// Gets the real tools that the end-to-end tests, the demo and the bench run: builds Go programs from tools/<name>/go.mod
// into the cache folder (scripts/cache-folder.ts), installs what comes from npm (tools/<name>/package.json) there, too, and
// the Debian packages of tools/debian/packages.txt.
// What is there already costs nothing. Ends with 1 when a tool could not be got; the others are got all the same.
import { parseArgs } from "node:util";
import { chooseTools, listTools } from "./tools/catalogue.ts";

const { values, positionals } = parseArgs({ options: { list: { type: "boolean" } }, allowPositionals: true });
const problem = await main();
if (problem !== undefined) {
  console.error(`tools: ${problem}`);
  process.exitCode = 1;
}

async function main(): Promise<string | undefined> {
  let wanted: ReturnType<typeof listTools>;
  try {
    wanted = chooseTools(listTools(), positionals);
  } catch (error) {
    return (error as Error).message;
  }
  if (values.list === true) {
    const { renderList } = await import("./tools/render-list.ts");
    console.log(renderList(wanted));
    return undefined;
  }
  const missing = wanted.filter((tool) => tool.find() === undefined);
  if (missing.length === 0) {
    console.log(`tools: all there (${wanted.map(({ name }) => name).join(", ")})`);
    return undefined;
  }
  const { getTools } = await import("./tools/get-tools.ts");
  const failures = await getTools(missing);
  return failures.length === 0 ? undefined : failures.join("\ntools: ");
}
