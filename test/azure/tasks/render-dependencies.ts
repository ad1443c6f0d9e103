import type { PushedImage } from "./builder.ts";
import { type Dependencies, imageParts } from "./scan.ts";

/** One entry of the list of dependencies, as the service prints it. */
export function renderDependencies(
  tag: string,
  { runtime, buildtime }: Dependencies,
  pushed: PushedImage | undefined,
): string {
  const entry = (reference: string, digest?: string) =>
    Object.entries({ ...imageParts(reference), ...(digest === undefined ? {} : { digest }) })
      .map(([name, value]) => `    ${name}: ${value}\n`)
      .join("");
  const stages = buildtime.map((each) => `  - ${entry(each).trim().replaceAll("\n    ", "\n    ")}\n`).join("");
  return [
    `- image:\n${entry(tag, pushed?.digest)}`,
    `  runtime-dependency:\n${entry(runtime)}`,
    ...(stages === "" ? [] : [`  buildtime-dependency:\n${stages}`]),
    "  git: {}\n",
  ].join("");
}
