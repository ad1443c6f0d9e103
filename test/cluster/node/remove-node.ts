import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { removeGroups } from "./groups.ts";
import { removeCable } from "./network.ts";
import { findProcesses } from "./processes.ts";

const DEADLINE_MS = 20_000;

/**
 * Ends the processes of a cluster, and removes what outlives them, but for its files. The end of the first process is the
 * end of every program, container, mount and firewall rule.
 *
 * @throws Error when something does not go
 */
export async function endNode(layout: Layout): Promise<void> {
  const { home } = layout;
  for (const { pid } of findProcesses(home)) kill(pid);
  await untilGone(`processes of ${home}`, () =>
    findProcesses(home).map(({ pid, words }) => `${pid} ${words.join(" ")}`),
  );
  await removeCable(layout);
  await untilGone("groups of processes", () => removeGroups(layout));
}

/**
 * Ends a cluster and removes what there is of it, whether it runs, was left half by a start that was killed, or lost its
 * programs.
 *
 * @returns whether there was anything
 * @throws Error when something does not go, or the home is a folder with something else in it
 */
export async function removeNode(layout: Layout): Promise<boolean> {
  const { home } = layout;
  const there = findProcesses(home).length > 0 || existsSync(home);
  refuseForeign(layout);
  await endNode(layout);
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  return there;
}

/** The home may be named by hand, and all of it is deleted. */
function refuseForeign({ home, slot }: Layout): void {
  if (!existsSync(home) || existsSync(slot) || readdirSync(home).length === 0) return;
  throw new Error(`${home} has something in it that is no cluster's: name an empty folder in MAYFLY_CLUSTER_HOME`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself just now.
  }
}

async function untilGone(what: string, left: () => readonly string[]): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const names = left();
    if (names.length === 0) return;
    if (performance.now() > deadline)
      throw new Error(`These ${what} do not go away:\n  ${names.slice(0, 10).join("\n  ")}`);
    await sleep(20);
  }
}
