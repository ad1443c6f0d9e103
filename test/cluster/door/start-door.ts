import { join } from "node:path";
import type { Layout } from "../layout.ts";
import { type Started, spawnDaemon } from "../node/daemon.ts";

/** Starts the door on this machine. It outlives this process. */
export function startDoor({ home, logs }: Layout): Started {
  return spawnDaemon({
    name: "door",
    log: join(logs, "door.log"),
    program: process.execPath,
    parameters: ["--no-warnings", join(import.meta.dirname, "door.ts"), home],
    env: {},
  });
}
