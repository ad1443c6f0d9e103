import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { PATH, run } from "../run.ts";
import { lastLines } from "./last-lines.ts";
import { findProcesses } from "./processes.ts";

/** The node's own mounts, processes, interfaces and firewall: there until its first process ends. */
export interface Namespaces {
  /** Of the first process, as this machine counts. */
  readonly pid: number;
}

const SCRIPT = join(import.meta.dirname, "namespaces.sh");
const DEADLINE_SECONDS = 10;

/**
 * Makes the namespaces that the node lives in. They outlive this process.
 *
 * @throws Error with the script's last lines when they cannot be made
 */
export async function openNamespaces({ home, logs }: Layout): Promise<Namespaces> {
  const log = join(logs, "namespaces.log");
  const output = openSync(log, "a");
  const kinds = ["--mount", "--propagation", "private", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const keeper = spawn("unshare", [...kinds, "sh", SCRIPT, home], {
    cwd: "/",
    env: { PATH },
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  keeper.unref();
  let ended = false;
  keeper.on("error", () => {
    ended = true;
  });
  keeper.on("exit", () => {
    ended = true;
  });
  const deadline = performance.now() + DEADLINE_SECONDS * 1000;
  while (!readFileSync(log, "utf8").split("\n").includes("ready")) {
    if (ended || performance.now() > deadline) {
      throw new Error(`The node's namespaces could not be made. The last lines of ${log}:\n${lastLines(log)}`);
    }
    await sleep(5);
  }
  const first = findProcesses(home).find(({ role }) => role === "first");
  if (first === undefined)
    throw new Error(`The node's first process is gone. The last lines of ${log}:\n${lastLines(log)}`);
  return { pid: first.pid };
}

/** What `nsenter` is told, before a program and its parameters, to start it in the node's namespaces. */
export function inside({ pid }: Namespaces): readonly string[] {
  return ["--target", `${pid}`, "--mount", "--net", "--pid", "--"];
}

/** Runs a program in the node's network, and waits for it. */
export async function runInNetwork({ pid }: Namespaces, words: readonly string[], input = ""): Promise<string> {
  return run("nsenter", ["--target", `${pid}`, "--mount", "--net", "--", ...words], { input });
}
