import type { Json } from "../wire.ts";
import { TaskFailure } from "./failure.ts";
import type { DockerBuildRequest } from "./request.ts";
import type { Step, Task } from "./task.ts";
import { renderTemplate } from "./template.ts";
import { readBuildFields } from "./words.ts";

const BUILD_SECONDS = 8 * 3600;
const PUSH_SECONDS = 30 * 60;

/**
 * Makes a task of a DockerBuildRequest, as `acb build` does (`createBuildTask` in cmd/acb/commands/build/build.go):
 * the words are joined with blanks and nothing is quoted, so that a value with a blank becomes several words.
 */
export function dockerBuildTask(request: DockerBuildRequest, registry: string, data: Json): Task {
  const { dockerFilePath, imageNames, arguments: given, noCache, target, buildPlatform, isPushEnabled } = request;
  const words = [
    ...(noCache ? ["--no-cache"] : []),
    ...["-f", dockerFilePath],
    ...imageNames.flatMap((name) => ["-t", name]),
    ...given.flatMap(({ name, value }) => ["--build-arg", `${name}=${value}`]),
    ...(target === undefined ? [] : ["--target", target]),
    ...(buildPlatform === undefined ? [] : ["--platform", buildPlatform]),
    ".",
  ];
  const rendered = renderTemplate(words.join(" "), data);
  const build = withRegistry(rendered, registry);
  const { tags } = readBuildFields(build);
  const steps = [step("build", BUILD_SECONDS, { build }), ...(isPushEnabled ? [pushStep(tags)] : [])];
  return { version: "", steps, fromYaml: false };
}

function pushStep(tags: readonly string[]): Step {
  if (tags.length === 0) throw new TaskFailure("push requires at least one image name");
  return step("push", PUSH_SECONDS, { push: tags, when: ["build"] });
}

function step(id: string, timeoutSeconds: number, more: Partial<Step>): Step {
  return {
    ...{ id, timeoutSeconds, env: [], when: undefined, workingDirectory: "", retries: 0, ignoreErrors: false },
    cached: false,
    ...more,
  };
}

/** `PrefixTags` in util/prefixes.go. */
function withRegistry(line: string, registry: string): string {
  const fields = line.split(/\s+/).filter((field) => field !== "");
  return fields
    .map((field, index) => {
      const isTag = ["-t", "--tag"].includes(fields[index - 1] ?? "");
      return isTag && !field.startsWith(registry) && !field.startsWith("library/") ? `${registry}/${field}` : field;
    })
    .join(" ");
}
