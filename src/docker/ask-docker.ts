import { runProcess } from "../kit/process.ts";
import { UserError } from "../kit/user-error.ts";

/** A question to docker that changes nothing. */
export interface DockerQuestion {
  /** Of the docker CLI. */
  readonly path: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly cancelled: AbortSignal;
  /** An engine that hangs is not waited for longer. */
  readonly limitMs: number;
}

export type DockerAnswer =
  | { readonly kind: "answered"; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** Nothing came within the limit, or a signal that was not ours ended it. */
  | { readonly kind: "silent"; readonly because: string };

/**
 * Asks docker, and gives up after a while.
 *
 * @throws UserError `cancelled` when the job is; and those of `runProcess`.
 */
export async function askDocker({ limitMs, cancelled, ...question }: DockerQuestion): Promise<DockerAnswer> {
  const said = { stdout: [] as string[], stderr: [] as string[] };
  const limit = AbortSignal.timeout(limitMs);
  const { exitCode, signal } = await runProcess({
    ...question,
    tool: "docker",
    cancelled: AbortSignal.any([cancelled, limit]),
    onLine: (stream, line) => said[stream].push(line),
  });
  if (cancelled.aborted) throw new UserError("cancelled", "The job was cancelled before docker had answered.");
  if (limit.aborted) return { kind: "silent", because: `it did not answer within ${limitMs / 1000} s` };
  if (exitCode === undefined) return { kind: "silent", because: `docker was ended by ${signal}` };
  return { kind: "answered", exitCode, stdout: said.stdout.join("\n"), stderr: said.stderr.join("\n") };
}
