import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { findFoundations } from "../../image/base-images.ts";
import { parseReference } from "../../image/parse-reference.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { spec } from "./spec.ts";

type Inputs = Pick<
  InputsOf<typeof spec>,
  "context" | "file" | "from" | "target" | "platforms" | "buildArgs" | "buildContexts"
>;

/**
 * The registries that a build takes images from, as far as its Dockerfile tells; none for one that cannot be read:
 * whoever builds says why.
 */
export async function listBaseHosts(inputs: Inputs, workspace: string): Promise<readonly string[]> {
  if (inputs.from !== undefined) return [];
  const { buildArgs, buildContexts, target, platforms } = inputs;
  const resolve = (path: string): string => (isAbsolute(path) ? path : join(workspace, path));
  const file = inputs.file === undefined ? join(resolve(inputs.context), "Dockerfile") : resolve(inputs.file);
  try {
    const choice = { target, platforms: platforms.flatMap((line) => line.split(",")) };
    const { images } = findFoundations(await readFile(file, "utf8"), buildArgs, buildContexts, choice);
    const parsed = images.map(parseReference);
    return [...new Set(parsed.flatMap((one) => ("value" in one ? [one.value.repository.host] : [])))];
  } catch {
    return [];
  }
}
