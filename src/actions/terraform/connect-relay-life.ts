import { closeSync, existsSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../../kit/cancel.ts";
import { identify } from "../../kit/process-birth.ts";
import { connectGithubTokens } from "./connect-relay-github.ts";
import { openRelayServer } from "./connect-relay-server.ts";
import { COUNTERS_FILE, READY_FD, RELAY_FILE, RELAY_FOLDER, RELAY_SECRET } from "./relay-files.ts";
import { keepTokens } from "./relay-tokens.ts";

/** When a relay that nobody ends goes by itself. */
export interface RelayLimits {
  /** No job's own token lives longer. */
  readonly lifeMs: number;
  /** Nobody has asked for so long. */
  readonly idleMs: number;
  /** How often it looks. */
  readonly everyMs: number;
}

const HOUR_MS = 3_600_000;
const LIMITS: RelayLimits = { lifeMs: 6 * HOUR_MS, idleMs: 2 * HOUR_MS, everyMs: 1_000 };

/**
 * The relay's whole life in a process of its own: it answers until it gets SIGTERM, its folder is gone, or a limit is
 * reached, then leaves its counters in the folder. It prints no token, and nothing of a request.
 */
export async function liveAsRelay(process: NodeJS.Process, limits: RelayLimits = LIMITS): Promise<void> {
  const { env: environment } = process;
  const read = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") throw new Error(`${name} is not set: only the action starts this`);
    return value;
  };
  const service = { url: read("ACTIONS_ID_TOKEN_REQUEST_URL"), token: read("ACTIONS_ID_TOKEN_REQUEST_TOKEN") };
  const [secret, folder] = [read(RELAY_SECRET), read(RELAY_FOLDER)];
  const over = new AbortController();
  process.on("SIGTERM", () => over.abort());
  // What ends the action does not end terraform, which still needs tokens to store its state.
  for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);

  const github = connectGithubTokens(service, environment);
  const tokens = keepTokens({
    ask: github.ask,
    now: () => new Date(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    sleep,
  });
  const server = await openRelayServer(secret, tokens);
  writeWhole(join(folder, RELAY_FILE), { ...identify(process.pid), folder, port: server.port });
  tellReady(server.port);
  await github.prepare();

  const startedAt = performance.now();
  let [asked, askedAt] = [0, startedAt];
  while (!over.signal.aborted) {
    await sleep(limits.everyMs, over.signal);
    const now = performance.now();
    if (tokens.counters().asked !== asked) [asked, askedAt] = [tokens.counters().asked, now];
    if (!existsSync(folder) || now - startedAt >= limits.lifeMs || now - askedAt >= limits.idleMs) over.abort();
  }
  await server.close();
  if (existsSync(folder)) writeWhole(join(folder, COUNTERS_FILE), tokens.counters());
  // A request to GitHub that nobody waits for any more.
  process.exit(0);
}

/** Nobody reads half of it. */
function writeWhole(path: string, value: object): void {
  writeFileSync(`${path}.part`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

function tellReady(port: number): void {
  try {
    writeSync(READY_FD, `${port}\n`);
    closeSync(READY_FD);
  } catch {
    // The action was killed while we started. Post finds the file.
  }
}
