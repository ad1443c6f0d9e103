import { readFile } from "node:fs/promises";
import { createBuildLog } from "../../image/build-log.ts";
import type { BuildRequest, Built } from "../../image/build-request.ts";
import { findInstructionLine } from "../../image/instruction-line.ts";
import { classifyPushFault } from "../../image/push-fault.ts";
import type { ProcessOutcome } from "../../kit/process.ts";
import { BuildFault } from "./builder.ts";
import type { DockerWorld } from "./connect-docker.ts";

type OnLine = (stream: "stdout" | "stderr", line: string) => void;

/**
 * Prints a tool's lines and reads them.
 *
 * @param request what is built; undefined for a push.
 * @throws BuildFault for a bad end, by what it means
 */
export async function runLogged(
  world: DockerWorld,
  request: BuildRequest | undefined,
  work: (onLine: OnLine) => Promise<ProcessOutcome>,
): Promise<{ readonly steps: Built["steps"] }> {
  const { runner, workspace } = world;
  world.credentialFault = undefined;
  const log = createBuildLog();
  const startedAt = runner.monotonic();
  const outcome = await runner.log.group(request === undefined ? "Push" : "Build", () =>
    work((_, line) => {
      log.read(line, runner.monotonic() - startedAt);
      runner.log.info(line);
    }),
  );
  const steps = log.steps();
  if (outcome.cancelled) throw new BuildFault("cancelled", "The job was cancelled.", { steps });
  if (outcome.exitCode === 0) return { steps };
  if (world.credentialFault !== undefined) throw world.credentialFault;
  const fault = log.fault();
  const line = request === undefined ? undefined : await findLine(fault.line, fault.instruction, request.file);
  const base = request === undefined ? undefined : fault.base;
  const found = classifyPushFault(fault.message).kind;
  // For a base image no login of ours has ended: it is not given to this job at all.
  const kind = base !== undefined && found === "expired" ? "denied" : found;
  const place =
    line === undefined || request === undefined ? undefined : { file: relativeTo(workspace, request.file), line };
  // What a step of the Dockerfile ran is the author's to mend, whatever its words; what the builder fetched for a line
  // and could not get is not.
  const ran = kind === "failed" || kind === "invalid" || /exit code|non-zero code/.test(fault.message);
  const own = place !== undefined && base === undefined && ran;
  const lines = own ? [fault.message, ...fault.lastLines.slice(-5)] : [fault.message];
  if (/exec format error/.test(lines.join("\n"))) lines.push(FOREIGN);
  const shown = own || base !== undefined ? place : undefined;
  throw new BuildFault(own ? "failed" : kind, lines.join("\n"), { place: shown, base, steps });
}

async function findLine(
  line: number | undefined,
  instruction: number | undefined,
  file: string,
): Promise<number | undefined> {
  if (line !== undefined || instruction === undefined) return line;
  return readFile(file, "utf8").then(
    (text) => findInstructionLine(text, instruction),
    () => undefined,
  );
}

const FOREIGN =
  "This step runs programs of another platform than the machine's: let it emulate them with docker/setup-qemu-action before, or compile across on the machine's own.";

/** A path as annotations want it. */
export function relativeTo(workspace: string, file: string): string {
  return file.startsWith(`${workspace}/`) ? file.slice(workspace.length + 1) : file;
}
