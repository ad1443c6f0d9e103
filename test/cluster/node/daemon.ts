import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { PATH } from "../run.ts";
import { lastLines } from "./last-lines.ts";
import { inside, type Namespaces } from "./namespaces.ts";

/** A program of the node that runs as long as the node does. */
export interface Daemon {
  /** What messages and its log call it. */
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
  /** Besides PATH, which has what lies beside it, and the system's programs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A daemon that was started. */
export interface Started {
  readonly name: string;
  readonly log: string;
  /** Whether it has ended by itself. */
  ended(): boolean;
}

/** Starts a daemon in the node's namespaces. It outlives this process; what it prints goes to its log. */
export function startDaemon({ logs }: Layout, namespaces: Namespaces, daemon: Daemon): Started {
  const { name, program, parameters, env } = daemon;
  return spawnDaemon({
    name,
    log: join(logs, `${name}.log`),
    program: "nsenter",
    parameters: [...inside(namespaces), program, ...parameters],
    // Its own first: a machine with docker has another shim of containerd. Collecting less garbage takes a fifth off the
    // time that the API server needs to start.
    env: { PATH: `${dirname(program)}:${PATH}`, GOGC: "400", ...env },
  });
}

/** Starts a program that outlives this process, on this machine itself. */
export function spawnDaemon(daemon: Required<Daemon> & { readonly log: string }): Started {
  const { name, log, program, parameters, env } = daemon;
  const output = openSync(log, "a");
  const child = spawn(program, parameters, { cwd: "/", env, detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  child.unref();
  let over = false;
  const end = () => {
    over = true;
  };
  child.on("error", end).on("exit", end);
  return { name, log, ended: () => over };
}

const POLL_MS = 25;

/**
 * Asks until there is an answer.
 *
 * @param what is waited for, as in "the node was not ready"
 * @throws Error with the logs' last lines when one of these daemons ends first, or after `seconds`
 */
export async function until<T>(
  what: string,
  daemons: readonly Started[],
  probe: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let refused: unknown;
  for (;;) {
    const found = await probe().catch((error: unknown) => {
      refused = error;
      return undefined;
    });
    if (found !== undefined) return found;
    const dead = daemons.find(({ ended }) => ended());
    if (dead !== undefined) {
      throw new Error(`${dead.name} ended before ${what}. The last lines of ${dead.log}:\n${lastLines(dead.log)}`);
    }
    if (performance.now() > deadline) {
      const why = refused instanceof Error ? ` (${refused.message})` : "";
      const logs = daemons.map(({ log }) => `${log}:\n${lastLines(log, 5)}`).join("\n");
      throw new Error(`After ${seconds} s it was not so that ${what}${why}. The last lines of\n${logs}`);
    }
    await sleep(POLL_MS);
  }
}
