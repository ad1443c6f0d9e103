import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseJsonObject } from "./json-object.ts";
import type { ProcessRequest } from "./process.ts";
import { identify, isAlive, type ProcessIdentity } from "./process-birth.ts";
import { explainStart } from "./start-fault.ts";
import { sendFirst, stopOnCancel, type Tool } from "./stop-signals.ts";
import { UserError } from "./user-error.ts";

/** A process that lives on when this one is killed, with its output in files. Plain data, so that post can read it. */
export interface DetachedProcess extends ProcessIdentity {
  readonly tool: Tool;
  /** Paths of what it writes. */
  readonly stdout: string;
  readonly stderr: string;
  /** Path of a file that is there once somebody has begun to tell it of a cancel. */
  readonly interrupted: string;
}

export interface DetachedRequest
  extends Pick<ProcessRequest, "tool" | "path" | "parameters" | "environment" | "folder" | "cancelled"> {
  /** Where its files go: a folder that only this user can read. */
  readonly logFolder: string;
  /** What its files are called; no other process in that folder has the name. */
  readonly name: string;
}

export interface DetachedEnd {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

export interface DetachedRun {
  readonly process: DetachedProcess;
  /** Settles with its end, and keeps node from nothing: who waits for it follows a file meanwhile. */
  readonly ended: Promise<DetachedEnd>;
}

/**
 * Starts a tool without a shell that outlives this process: it leads a session of its own and writes to files, so that
 * no signal of ours and no broken pipe reaches it. A cancel sends it what `stop-signals.ts` says, once: whoever comes
 * later (post) sees `interrupted`. RUNNER_TRACKING_ID should stay in its environment, by which the runner ends what is
 * left when the job is over.
 *
 * On Windows it ends with this process, and a cancel ends it without a word: that system has neither sessions nor
 * signals.
 *
 * @throws UserError `tool-missing`, `tool-not-runnable`, `tool-not-started` or `folder-missing` when it cannot be
 *   started, `cancelled` when the job is cancelled already; Error when the name is taken or the folder cannot be
 *   written.
 */
export async function startDetached(request: DetachedRequest): Promise<DetachedRun> {
  const { tool, logFolder, name, cancelled } = request;
  if (cancelled.aborted) throw new UserError("cancelled", `The job was cancelled before ${tool} was started.`);
  const stdout = join(logFolder, `${name}.stdout`);
  const stderr = join(logFolder, `${name}.stderr`);
  const interrupted = join(logFolder, `${name}.interrupted`);
  const child = spawnInto(request, stdout, stderr);
  if (child.pid === undefined) throw explainStart(request, await faultOf(child));
  child.unref();
  const process: DetachedProcess = { ...identify(child.pid), tool, stdout, stderr, interrupted };
  keepRecord(recordOf(logFolder, name), process);

  const endWatch = stopOnCancel(child, tool, cancelled, () => claim(process));
  const ended = new Promise<DetachedEnd>((resolve) => {
    // It is what a signal that could not be sent says; the end comes all the same.
    child.on("error", () => undefined);
    child.on("exit", (code, signal) => {
      endWatch();
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined });
    });
  });
  return { process, ended };
}

/** The process that was started with a name, as another process of the job finds it; undefined when none was. */
export function findDetached(logFolder: string, name: string): DetachedProcess | undefined {
  let text: string;
  try {
    text = readFileSync(recordOf(logFolder, name), "utf8");
  } catch {
    return undefined;
  }
  const { pid, born, tool, stdout, stderr, interrupted } = parseJsonObject(text) as Partial<DetachedProcess>;
  // Cut short by a kill in the middle of its writing, it says nothing.
  if (!pid || born === undefined || !tool || !stdout || !stderr || !interrupted) return undefined;
  return { pid, born, tool, stdout, stderr, interrupted };
}

/**
 * Tells a process of a cancel, as its tool wants it, unless somebody has told it before: a second signal makes
 * terraform drop the state. Nothing is sent to a process of which it is not certain that it is the one.
 */
export function ensureInterrupted(process: DetachedProcess): "sent" | "sent-before" | "ended" | "unknown" {
  if (!isAlive(process)) return "ended";
  if (process.born === "") return "unknown";
  if (!claim(process)) return "sent-before";
  return sendFirst(process.pid, process.tool) ? "sent" : "ended";
}

/** True for the one who may send the signal. Written before it is sent: better none at all than two. */
function claim({ interrupted }: Pick<DetachedProcess, "interrupted">): boolean {
  try {
    writeFileSync(interrupted, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** In the same breath as the start: a kill that comes before the caller has saved anything does not lose the process. */
function keepRecord(path: string, process: DetachedProcess): void {
  try {
    writeFileSync(path, JSON.stringify(process), { flag: "wx", mode: 0o600 });
  } catch {
    // The tool runs, and whoever started it knows it all the same.
  }
}

function recordOf(logFolder: string, name: string): string {
  return join(logFolder, `${name}.process.json`);
}

function spawnInto(request: DetachedRequest, stdout: string, stderr: string): ChildProcess {
  const { path, parameters, environment, folder } = request;
  const files: number[] = [];
  try {
    for (const file of [stdout, stderr]) files.push(openSync(file, "ax", 0o600));
    return spawn(path, parameters, {
      cwd: folder,
      env: { ...environment },
      stdio: ["ignore", ...files],
      // On Windows this would open a console window.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (error) {
    if (files.length < 2) throw new Error(`The output of ${request.tool} cannot go to ${stdout}`, { cause: error });
    throw explainStart(request, error);
  } finally {
    for (const file of files) closeSync(file);
  }
}

function faultOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once("error", resolve));
}
