import { delimiter } from "node:path";
import type { CommandOutcome, Commands } from "../../src/kit/command.ts";
import type { ArmFault } from "../../src/ttl/blockers.ts";

/** The az CLI as somebody who is logged in uses it. */
export interface Az {
  /** The parsed output of a command that has to succeed. @throws AzFailure */
  ask(...parameters: readonly string[]): Promise<unknown>;
  /** The error of a command that has to fail, as az printed it. @throws Error when it succeeds */
  refusal(...parameters: readonly string[]): Promise<ArmFault>;
  /** The output of lines that Mayfly printed, pasted into bash as they are. @throws AzFailure */
  paste(lines: string): Promise<string>;
}

/** A command that should have succeeded: az did not understand an answer, or the emulator refused. */
export class AzFailure extends Error {
  override readonly name = "AzFailure";
}

/** @param environment has everything that az needs: the proxy, the configuration folder, PATH. */
export function connectAz(commands: Commands, environment: Readonly<Record<string, string>>): Az {
  const run = (parameters: readonly string[]): Promise<CommandOutcome> =>
    commands.run("az", [...parameters, "--output", "json"], environment);
  return {
    ask: async (...parameters) => {
      const { exitCode, stdout, stderr } = await run(parameters);
      if (exitCode !== 0) throw new AzFailure(`az ${parameters.join(" ")} ended with ${exitCode}: ${stderr.trim()}`);
      return stdout.trim() === "" ? undefined : JSON.parse(stdout);
    },
    refusal: async (...parameters) => {
      const { exitCode, stdout, stderr } = await run(parameters);
      if (exitCode === 0) throw new AzFailure(`az ${parameters.join(" ")} was to fail, and printed ${stdout.trim()}`);
      return parseAzError(stderr);
    },
    paste: async (lines) => {
      const { exitCode, stdout, stderr } = await commands.run(
        "bash",
        ["--norc", "-eo", "pipefail", "-c", lines],
        environment,
      );
      if (exitCode !== 0) throw new AzFailure(`"${lines}" ended with ${exitCode}: ${stderr.trim()}`);
      return stdout.trim();
    },
  };
}

/**
 * ARM's error as az prints it: `Code:` and `Message:` lines, those of the details behind a tab. A detail's last line
 * runs into the head of the next one, behind another tab.
 * @throws AzFailure for a text without them
 */
export function parseAzError(stderr: string): ArmFault {
  const code = /^Code: (.*)$/m.exec(stderr)?.[1];
  const message = /^Message: (.*)$/m.exec(stderr)?.[1];
  if (code === undefined || message === undefined) throw new AzFailure(`az failed otherwise: ${stderr.trim()}`);
  const details = [...stderr.matchAll(/^\tCode: (.*)\n\tMessage: (.*)(?:\n\tTarget: ([^\t\n]*))?/gm)].map(
    ([, inner = "", text = "", target]) => ({
      code: inner,
      message: text,
      ...(target === undefined ? {} : { target }),
    }),
  );
  return { code, message, ...(details.length === 0 ? {} : { details }) };
}

/** PATH with a folder in front of what is there. */
export function pathWith(folder: string): string {
  return `${folder}${delimiter}${process.env["PATH"] ?? ""}`;
}
