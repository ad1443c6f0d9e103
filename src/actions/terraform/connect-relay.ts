import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findBackgroundScript } from "../../kit/background-script.ts";
import { parseJsonObject } from "../../kit/json-object.ts";
import { identify, isAlive, type ProcessIdentity } from "../../kit/process-birth.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { waitForEnd } from "../../kit/wait-for-end.ts";
import { parseCounters, type RelayCounters } from "../../oidc/relay/counters.ts";
import { TOKEN_PATH } from "../../oidc/relay/decide-call.ts";
import { type RelayAddress, relayEnvironment } from "./relay-environment.ts";
import { COUNTERS_FILE, LOG_FILE, READY_FD, RELAY_FILE } from "./relay-files.ts";

/** A relay as post finds it again. Plain data, and no secret. */
export interface RelayState extends ProcessIdentity {
  readonly folder: string;
}

/** A relay that answers. */
export interface Relay extends RelayAddress {
  readonly state: RelayState;
  stop(): Promise<RelayCounters | undefined>;
}

export interface RelayStarter {
  /**
   * Starts a relay in a process of its own, which outlives this one.
   *
   * @param folder only this user can read; no other relay uses it. The relay ends when it is removed.
   * @throws UserError `relay-not-started`
   */
  start(options: { readonly folder: string }): Promise<Relay | undefined>;
}

type RelayRunner = Pick<Runner, "environment" | "mask">;

const SECRET_BYTES = 32;
const START_MS = 15_000;
const STOP_MS = 3_000;

/**
 * Relays of GitHub's ID tokens for terraform, which asks for one per request to ARM. `start` gives undefined where the
 * job has no ID tokens: there is nothing to relay.
 *
 * @param stage the script of the running stage, beside which the relay's own stands.
 */
export function connectRelay(runner: RelayRunner, stage: string = process.argv[1] ?? ""): RelayStarter {
  return {
    start: async ({ folder }) => {
      const { environment } = runner;
      if (!environment["ACTIONS_ID_TOKEN_REQUEST_URL"] || !environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) return;
      const token = randomBytes(SECRET_BYTES).toString("base64url");
      runner.mask(token);
      const child = spawnRelay(findBackgroundScript(stage), folder, relayEnvironment(environment, token, folder));
      const state = { ...identify(child.pid ?? Number.NaN), folder };
      const port = await hearPort(child, folder);
      const url = `http://127.0.0.1:${port}${TOKEN_PATH}?api-version=2.0`;
      return { url, token, state, stop: () => stopRelay(state) };
    },
  };
}

/**
 * Ends a relay and reads what it has done; undefined where that is not known. One that has ended already, or whose
 * process id belongs to another process by now, is left alone.
 */
export async function stopRelay(state: RelayState): Promise<RelayCounters | undefined> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (state.born !== "" || process.platform === "win32") send(state, signal);
    if (await waitForEnd(state, { limitMs: STOP_MS, everyMs: 10 })) break;
  }
  try {
    return parseCounters(parseJsonObject(await readFile(join(state.folder, COUNTERS_FILE), "utf8")));
  } catch {
    return undefined;
  }
}

/** The relay that was started in a folder, for who was not told; undefined when none answered there. */
export async function findRelay(folder: string): Promise<RelayState | undefined> {
  const text = await readFile(join(folder, RELAY_FILE), "utf8").catch(() => "");
  const { pid, born } = parseJsonObject(text);
  return typeof pid === "number" && typeof born === "string" ? { pid, born, folder } : undefined;
}

function send(relay: RelayState, signal: NodeJS.Signals): void {
  try {
    if (isAlive(relay)) process.kill(relay.pid, signal);
  } catch {
    // It has ended this moment.
  }
}

function spawnRelay(script: string, folder: string, environment: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(join(folder, LOG_FILE), "ax", 0o600);
  try {
    const child = spawn(process.execPath, [script], {
      cwd: dirname(process.execPath),
      env: environment,
      stdio: ["ignore", log, log, "pipe"],
      detached: true,
      windowsHide: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** The port, as soon as the relay answers. */
async function hearPort(child: ChildProcess, folder: string): Promise<number> {
  const pipe = child.stdio[READY_FD];
  const said = Promise.withResolvers<number>();
  const fail = (because: string): void => said.reject(new Error(because));
  const timer = setTimeout(() => fail(`it did not answer within ${START_MS / 1000} s`), START_MS);
  pipe?.on("data", (chunk) => said.resolve(Number(chunk)));
  child.on("error", (error) => said.reject(error));
  child.on("exit", (code, signal) => fail(`it ended with ${signal ?? `exit code ${code}`}`));
  try {
    return await said.promise;
  } catch (cause) {
    child.kill("SIGKILL");
    const log = (await readFile(join(folder, LOG_FILE), "utf8").catch(() => "")).trim().slice(0, 2_000);
    throw new UserError(
      "relay-not-started",
      `The token relay was not started: ${cause instanceof Error ? cause.message : String(cause)}.${log === "" ? "" : `\n${log}`}\nTo do: set token-relay: false; terraform then asks GitHub itself.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
    pipe?.destroy();
  }
}
