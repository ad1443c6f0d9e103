import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Layout } from "../layout.ts";
import { removeGroups } from "./groups.ts";
import { removeCable } from "./network.ts";
import { findProcesses } from "./processes.ts";

const DEADLINE_MS = 20_000;

/**
 * Ends a cluster and removes what there is of it, whether it runs, was left half by a start that was killed, or lost its
 * programs. The end of the first process is the end of every program, container, mount and firewall rule; groups of
 * processes, the cable and files are what can stay.
 *
 * @returns whether there was anything
 * @throws Error when something does not go
 */
export async function removeNode(layout: Layout): Promise<boolean> {
  const { home } = layout;
  const found = findProcesses(home);
  const there = found.length > 0 || existsSync(home);
  // The first process's keeper would be told of its end only after it.
  for (const { pid } of found) kill(pid);
  await untilGone(`processes of ${home}`, () =>
    findProcesses(home).map(({ pid, words }) => `${pid} ${words.join(" ")}`),
  );
  if (!there) return false;
  await removeCable(layout);
  await untilGone("groups of processes", () => removeGroups(layout));
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
  return true;
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
