import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface LeashOptions {
  /** What it is called in messages, and how its folder's name begins. */
  readonly name: string;
  /** Its own folder is made in this one. */
  readonly scratch: string;
  readonly program: string;
  /** Given the folder, since most arguments are paths in it. */
  readonly parameters: (folder: string) => Promise<readonly string[]> | readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How long it may take to end after SIGTERM. None where left out: nothing of what it keeps is wanted any more. */
  readonly graceSeconds?: number;
  /** Namespaces of its own for mounts and processes, as `leash.sh` says; needs root and Linux. */
  readonly isolated?: boolean;
  /** A bridge that is there as long as the program is. */
  readonly bridge?: { readonly name: string; readonly address: string };
}

/** A program that runs until this is disposed of, or this process ends, and then leaves nothing behind. */
export interface Leashed extends AsyncDisposable {
  /** Everything of it is in here. */
  readonly folder: string;
  /** What it has printed so far. */
  log(): string;
  /**
   * Asks until there is an answer.
   *
   * @throws Error with the log's last lines when the program ends first, or after `deadlineSeconds`
   */
  until<T>(probe: () => T | undefined | Promise<T | undefined>, deadlineSeconds?: number): Promise<T>;
}

const SCRIPT = join(import.meta.dirname, "leash.sh");
const POLL_MS = 20;
const TOLD_LINES = 20;

/** Starts a program in a fresh folder. What it prints goes to a file there, so that it never waits for a reader. */
export async function startLeashed(options: LeashOptions): Promise<Leashed> {
  const { name, scratch, program, env, graceSeconds = 0, isolated = false, bridge } = options;
  const folder = await mkdtemp(join(scratch, `mayfly-${name}-`));
  const parameters = await options.parameters(folder);
  const mode = [`${graceSeconds}`, isolated ? "isolated" : "plain", bridge?.name ?? "-", bridge?.address ?? "-"];
  const leash = spawn("sh", [SCRIPT, folder, ...mode, program, ...parameters], {
    env,
    // Out of the terminal's reach: Ctrl-C ends this process, and that ends the program in good order.
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(leash, "exit");
  let ended = false;
  leash.stdout.once("data", () => {
    ended = true;
  });
  leash.stdin.on("error", () => undefined);
  // Nobody has to wait for it: the end of this process is its end, too.
  leash.unref();
  unref(leash.stdin);
  unref(leash.stdout);

  const log = () => (existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8") : "");
  const stop = async () => {
    leash.ref();
    leash.stdin.end();
    await gone;
  };
  const fail = async (what: string) => {
    const lines = log().trimEnd().split("\n").slice(-TOLD_LINES);
    await stop();
    return new Error(`${name} ${what}. Its last lines:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  };
  return {
    folder,
    log,
    until: async (probe, deadlineSeconds = 30) => {
      const deadline = performance.now() + deadlineSeconds * 1000;
      for (;;) {
        const found = await probe();
        if (found !== undefined) return found;
        if (ended) throw await fail("ended before it was ready");
        if (performance.now() > deadline) throw await fail(`was not ready after ${deadlineSeconds} s`);
        await sleep(POLL_MS);
      }
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Pipes of a child are sockets, whatever their types say. */
function unref(stream: unknown): void {
  (stream as { unref(): void }).unref();
}
