import { asObject, type Json } from "../wire.ts";
import { expandAliases, findVersion, hasAliases } from "./aliases.ts";
import { TaskFailure } from "./failure.ts";
import type { Step, Task } from "./task.ts";
import { withTag } from "./task.ts";
import { renderTemplate } from "./template.ts";

const VERSIONS = ["1.0-preview-1", "v1.0.0", "v1.1.0"];

/**
 * Reads a task: aliases, then the template, then YAML, in the order of acb (cmd/acb/commands/exec/exec.go).
 * @throws TaskFailure with the text that acb prints
 */
export async function parseTask(text: string, data: Json): Promise<Task> {
  const { parse } = await import("yaml");
  const rendered = renderTemplate(hasAliases(text) ? expandAliases(text) : text, data);
  if (rendered === "") throw new TaskFailure("unable to render task: rendered template was empty");
  let parsed: Json;
  try {
    // The version of YAML that acb's library reads.
    parsed = asObject(parse(rendered, { version: "1.1" })) ?? {};
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message.split("\n")[0] : `${failure}`;
    throw invalid(`yaml: ${reason}`);
  }
  const version = text_(parsed["version"]) ?? "v1.0.0";
  if (!VERSIONS.includes(version.toLowerCase())) {
    throw invalid(`invalid version specified: "${version}", the current version is "v1.0.0"`);
  }
  const env = texts(parsed["env"]).flatMap((each) => each.split(","));
  const timeoutSeconds = Number(parsed["stepTimeout"] ?? 600);
  const workingDirectory = text_(parsed["workingDirectory"]) ?? "";
  const listed = Array.isArray(parsed["steps"]) ? (parsed["steps"] as readonly unknown[]) : [];
  const steps = listed.map((step, index) =>
    readStep(asObject(step) ?? {}, index, { env, timeoutSeconds, workingDirectory }),
  );
  if (steps.length === 0) throw invalid("a task needs steps");
  return { version: findVersion(text), steps, fromYaml: true };
}

type Defaults = Pick<Step, "env" | "timeoutSeconds" | "workingDirectory">;

const KEYS = new Set(
  "id cmd build push env workingDirectory when timeout retries retryDelay retryOnErrors repeat ignoreErrors privileged keep detach cache network isolation user entryPoint ports expose volumeMounts pull startDelay cpus downloadRetries downloadRetryDelay cmdDownloadRetries cmdDownloadRetryDelay disableWorkingDirectoryOverride exitedWith exitedWithout".split(
    " ",
  ),
);

function readStep(given: Json, index: number, defaults: Defaults): Step {
  const id = text_(given["id"]) ?? `acb_step_${index}`;
  const unknown = Object.keys(given).find((key) => !KEYS.has(key));
  // acb drops it without a word; a test should hear of it.
  if (unknown !== undefined) throw invalid(`the emulator knows no property "${unknown}" of a step`);
  if (/\s/.test(id)) throw invalid("step ID cannot contain spaces");
  const [build, cmd] = [text_(given["build"]) ?? "", text_(given["cmd"]) ?? ""];
  const push = [...new Set(texts(given["push"]).map(withTag))];
  const kinds = [build !== "", cmd !== "", push.length > 0].filter((kind) => kind).length;
  if (kinds === 0) throw invalid("step is missing a cmd, build, or push property");
  if (kinds > 1) throw invalid("step must only contain a single build, cmd, or push property");
  const when = texts(given["when"]);
  return {
    id,
    ...(build === "" ? {} : { build }),
    ...(cmd === "" ? {} : { cmd }),
    ...(push.length === 0 ? {} : { push }),
    env: mergeEnv(texts(given["env"]), defaults.env),
    timeoutSeconds: Number(given["timeout"] ?? 0) || defaults.timeoutSeconds,
    when: when.length === 0 ? undefined : when,
    workingDirectory: text_(given["workingDirectory"]) ?? defaults.workingDirectory,
    retries: Number(given["retries"] ?? 0),
    ignoreErrors: given["ignoreErrors"] === true,
    cached: text_(given["cache"])?.toLowerCase() === "enabled",
  };
}

/** A step's own go before the task's (`mergeEnvs` in graph/task.go). */
function mergeEnv(own: readonly string[], task: readonly string[]): readonly string[] {
  if (task.length === 0) return own;
  const wrong = [...own, ...task].find((each) => !each.includes("="));
  if (wrong !== undefined) {
    throw invalid(
      `failed to merge task and step environment variables: cannot parse environment variable ${wrong} correctly`,
    );
  }
  const names = new Set(own.map((each) => each.split("=")[0]));
  return [...own, ...task.filter((each) => !names.has(each.split("=")[0] ?? ""))];
}

function invalid(reason: string): TaskFailure {
  return new TaskFailure(`failed to unmarshal task before running: failed to deserialize task and validate: ${reason}`);
}

/** Go's YAML takes numbers and booleans where a text is wanted. */
function text_(value: unknown): string | undefined {
  return value === undefined || value === null || typeof value === "object" ? undefined : `${value}`;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((each) => text_(each) ?? "") : [];
}
