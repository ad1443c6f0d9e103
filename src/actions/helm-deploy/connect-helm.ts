import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type HelmVersion, requireHelmVersion } from "../../helm/helm-version.ts";
import { connectCommands } from "../../kit/command.ts";
import { type DetachedProcess, findDetached, startDetached } from "../../kit/detached-process.ts";
import { followFile } from "../../kit/follow-file.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Helm, HelmCall, HelmOutcome } from "./world.ts";

export interface HelmOptions {
  readonly runner: Pick<Runner, "environment" | "cancelled">;
  /** Where the output of each call goes: a folder that only this user can read. */
  readonly logFolder: string;
  /** Where helm runs: the job's workspace. */
  readonly folder: string;
  /** The whole environment of helm. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Names the call that changes the cluster just now, for post. */
const CALL = "call";
const CHANGING: ReadonlySet<string> = new Set(["upgrade", "rollback", "test", "uninstall"]);

/** Finds helm on PATH, and asks for its version. @throws UserError `tool-missing`, `helm-version-unsupported` */
export async function connectHelm(options: HelmOptions): Promise<Helm> {
  const path = await connectCommands(options.runner.environment).find("helm");
  if (path === undefined) {
    const text =
      "There is no helm on PATH.\nTo do: set it up in an earlier step: uses: azure/setup-helm, with a version.";
    throw new UserError("tool-missing", text);
  }
  let calls = 0;
  const run = (call: HelmCall): Promise<HelmOutcome> => {
    calls += 1;
    return runHelm(path, `${calls}-${call.name}`, call, options);
  };
  return { version: await readVersion(run), run };
}

async function readVersion(run: Helm["run"]): Promise<HelmVersion> {
  const done = await run({ name: "version", parameters: ["version", "--template", "{{.Version}}"] });
  const version = requireHelmVersion(done.stdout || done.stderr);
  if ("value" in version) return version.value;
  const text = version.problems.map(({ message }) => message).join("\n");
  throw new UserError(
    "helm-version-unsupported",
    `${text}\nTo do: set it up in an earlier step: uses: azure/setup-helm.`,
  );
}

async function runHelm(path: string, log: string, call: HelmCall, options: HelmOptions): Promise<HelmOutcome> {
  const { runner, logFolder, folder, environment } = options;
  const changing = CHANGING.has(call.name);
  // Before it is started: post looks for whatever stands here.
  if (changing) writeFileSync(join(logFolder, CALL), log, { mode: 0o600 });
  const started = await startDetached({
    tool: "helm",
    path,
    parameters: call.parameters,
    environment,
    folder,
    logFolder,
    name: log,
    cancelled: call.stop === undefined ? runner.cancelled : AbortSignal.any([runner.cancelled, call.stop]),
  });
  const lines: string[] = [];
  await followFile(started.process.stdout, (line) => lines.push(line), { until: started.ended });
  const { exitCode } = await started.ended;
  if (changing) rmSync(join(logFolder, CALL), { force: true });
  return { exitCode, stdout: lines.join("\n"), stderr: readFileSync(started.process.stderr, "utf8") };
}

/** The helm that was changing the cluster when main ended; undefined when none was. */
export function findHelm(logFolder: string): DetachedProcess | undefined {
  const file = join(logFolder, CALL);
  if (!existsSync(file)) return undefined;
  return findDetached(logFolder, basename(readFileSync(file, "utf8").trim()));
}
