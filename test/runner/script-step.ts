import { randomUUID } from "node:crypto";
import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProcess, writeEnvironment } from "./action-stage.ts";
import { pathOf, processEnvironment } from "./environment.ts";
import { interpolate } from "./expressions.ts";
import type { Status } from "./job.ts";
import { type Frame, stepContexts } from "./job-run.ts";
import { addIssue, write } from "./stage-record.ts";

/** Arguments of the shells that GitHub knows by name (ScriptHandlerHelpers.cs), and the ending of their scripts. */
const shells: Readonly<Record<string, { readonly args: string; readonly ending: string }>> = {
  bash: { args: "--noprofile --norc -e -o pipefail {0}", ending: ".sh" },
  sh: { args: "-e {0}", ending: ".sh" },
  python: { args: "{0}", ending: ".py" },
};

/** Runs a `run:` step: the script is written to RUNNER_TEMP and handed to the shell. */
export async function runScript(frame: Frame): Promise<Status> {
  const { run, step, record } = frame;
  const contexts = stepContexts(frame);
  // Defaults of the job do not reach into composites.
  const defaults = frame.parent === undefined ? run.job.defaults : undefined;
  const script = interpolate(step.run ?? "", contexts);
  const { program, args, ending } = findShell(
    interpolate(step.shell ?? defaults?.shell ?? "", contexts),
    pathOf(frame),
  );
  describe(frame, script, `${program} ${args}`);
  const file = join(run.folders.temp, `${randomUUID()}${ending}`);
  writeFileSync(file, script);
  const exitCode = await runProcess(frame, {
    file: program,
    args: args.split(" ").map((word) => word.replaceAll("{0}", file)),
    cwd: resolve(
      run.folders.workspace,
      interpolate(step.workingDirectory ?? defaults?.workingDirectory ?? "", contexts),
    ),
    env: processEnvironment(frame, undefined),
  });
  if (exitCode === 0) return "success";
  addIssue(record, "error", `Process completed with exit code ${exitCode}.`);
  return "failure";
}

function findShell(
  shell: string,
  path: string,
): { readonly program: string; readonly args: string; readonly ending: string } {
  if (shell === "") {
    const program = which("bash", path) ?? which("sh", path);
    if (program === undefined) throw new Error("sh: command not found");
    return { program, args: "-e {0}", ending: ".sh" };
  }
  const [command = "", ...words] = shell.split(" ");
  const known = shells[command];
  const args = words.join(" ") || (known?.args ?? "");
  if (!args.includes("{0}")) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    );
  }
  const program = which(command, path);
  if (program === undefined) throw new Error(`${command}: command not found`);
  return { program, args, ending: known?.ending ?? "" };
}

function which(command: string, path: string): string | undefined {
  const candidates = command.includes("/") ? [command] : path.split(":").map((folder) => join(folder, command));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

function describe(frame: Frame, script: string, shell: string): void {
  const { record } = frame;
  write(record, "group", `Run ${script.trimStart().split(/[\r\n]/)[0]}`);
  // Bright cyan, as GitHub shows scripts.
  for (const line of script.replaceAll("\r\n", "\n").trimEnd().split("\n")) {
    write(record, "plain", `\x1b[36;1m${line}\x1b[0m`);
  }
  write(record, "plain", `shell: ${shell}`);
  writeEnvironment(frame);
  write(record, "endgroup", "");
}
