import { UserError } from "../../kit/user-error.ts";
import type { Bindings } from "../../smoke/fill.ts";
import type { SpecProblem } from "../../smoke/read-spec.ts";
import type { SmokeTest } from "../../smoke/smoke-test.ts";
import type { SmokeOrder, SmokeTools } from "./smoke-order.ts";

/** How long after a look the next one follows, where neither the spec nor the cluster says. */
const INTERVAL_MS = 1_000;
/** The platform shows ten annotations of a step, and the step's own failure is one. */
const MOST_ANNOTATIONS = 9;

/**
 * Reads all specs, and tells of everything that is wrong with them at once, at its line.
 *
 * @throws UserError `smoke-spec-missing`, `smoke-spec-invalid`
 */
export async function readSpecs(
  order: Pick<SmokeOrder, "spec" | "namespace" | "checkTimeoutMs">,
  bindings: Bindings,
  { specs, world }: Pick<SmokeTools, "specs"> & { readonly world: Pick<SmokeTools["world"], "log" | "redact"> },
): Promise<readonly SmokeTest[]> {
  const files = await findFiles(order.spec, specs);
  // The grammar and its libraries are for runs that have a spec: helm-deploy starts without them.
  const { readSpec } = await import("../../smoke/read-spec.ts");
  const defaults = { namespace: order.namespace, timeout: order.checkTimeoutMs, interval: INTERVAL_MS };
  const tests: SmokeTest[] = [];
  const problems: SpecProblem[] = [];
  for (const file of files) {
    const read = readSpec({ file, text: await specs.read(file) }, bindings, defaults);
    if ("problems" in read) problems.push(...read.problems);
    else tests.push(read.value);
  }
  problems.push(...listNamesakes(tests));
  if (problems.length === 0) return tests;
  for (const { file, line, column, message } of problems.slice(0, MOST_ANNOTATIONS)) {
    world.log.error(world.redact(`${message} (column ${column})`), { title: "Smoke spec", file, line });
  }
  const text = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join("\n");
  throw new UserError("smoke-spec-invalid", world.redact(`Nothing was checked.\n${text}`));
}

async function findFiles(patterns: readonly string[], specs: SmokeTools["specs"]): Promise<readonly string[]> {
  const found = await Promise.all(patterns.map(async (pattern) => ({ pattern, paths: await specs.find(pattern) })));
  const missing = found.filter(({ paths }) => paths.length === 0).map(({ pattern }) => pattern);
  if (missing.length > 0) {
    const text = `Nothing was checked: there is no file ${missing.join(", ")} (from the workspace).\nTo do: check the repository out before (uses: actions/checkout), and name files or globs such as smoke/*.yaml.`;
    throw new UserError("smoke-spec-missing", text);
  }
  return [...new Set(found.flatMap(({ paths }) => paths))];
}

/** Reports tell tests apart by their names. */
function listNamesakes(tests: readonly SmokeTest[]): readonly SpecProblem[] {
  return tests.flatMap((test, index) => {
    const first = tests.slice(0, index).find(({ name }) => name === test.name);
    if (first === undefined) return [];
    const message = `metadata.name: "${test.name}" is the name of the spec in ${first.file}, too`;
    return [{ file: test.file, line: 1, column: 1, message }];
  });
}
