import { writeFileSync } from "node:fs";
import { codeOf, renderError } from "../../kit/error-chain.ts";
import { harmless } from "../../kit/harmless.ts";
import { renderExecCredential } from "../../kubeconfig/exec-credential.ts";
import { judgeKeptToken, type KeptToken, sayEnd } from "../../kubeconfig/kept-token.ts";
import { renderPluginFailure } from "../../kubeconfig/plugin-failure.ts";
import { type PluginSettings, readPluginSettings } from "../../kubeconfig/plugin-settings.ts";
import { openTokenFile, type TokenFile } from "./connect-token-file.ts";

/** Written to as files: a stream of node's takes a quarter of all the time that this runs. */
const STDOUT = 1;
const STDERR = 2;

/** How often somebody looks whether it is his turn, and how long he stands for it. */
const LOOK_MS = 25;
const STAND_MS = 60_000;

/**
 * The credential plugin of a kubeconfig, in a process of its own: prints a token for the API server, or says on stderr
 * why there is none and exits with 1. Where kubectl is called twenty times, one token is fetched.
 *
 * @param folder holds the script, and the token until shortly before its end
 */
export async function answerExec(process: NodeJS.Process, folder: string): Promise<void> {
  try {
    const settings = readPluginSettings(process.env);
    const { token, endsAtMs } = await findToken(settings, openTokenFile(folder), process);
    writeFileSync(STDOUT, `${renderExecCredential({ token, expiresAt: sayEnd(endsAtMs) })}\n`);
  } catch (error) {
    process.exitCode = 1;
    writeFileSync(STDERR, `${harmless(renderPluginFailure(codeOf(error), renderError(error)))}\n`);
  }
}

async function findToken(settings: PluginSettings, file: TokenFile, process: NodeJS.Process): Promise<KeptToken> {
  const of = JSON.stringify(settings);
  const until = performance.now() + STAND_MS;
  for (;;) {
    const waiting = findFresh(file, of);
    if (waiting !== undefined) return waiting;
    const endTurn = file.takeTurn();
    if (endTurn === undefined && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      continue;
    }
    try {
      // Somebody may have ended his turn between the two looks.
      return findFresh(file, of) ?? (await fetchAndKeep(settings, file, of, process));
    } finally {
      endTurn?.();
    }
  }
}

function findFresh(file: TokenFile, of: string): KeptToken | undefined {
  const kept = file.read();
  return judgeKeptToken(kept, of, Date.now()) === "fresh" ? kept : undefined;
}

async function fetchAndKeep(
  settings: PluginSettings,
  file: TokenFile,
  of: string,
  process: NodeJS.Process,
): Promise<KeptToken> {
  // All that asks and explains is loaded only here: most calls find a token.
  const { fetchClusterToken } = await import("./connect-cluster-token.ts");
  const world = {
    now: () => new Date(),
    sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
    random: Math.random,
    environment: process.env,
    // Who cancels a job ends this process; there is nothing to put away.
    cancelled: new AbortController().signal,
  };
  try {
    const fetched = await fetchClusterToken(settings, world);
    const token = { ...fetched, of, keptAtMs: Date.now() };
    file.keep(token);
    return token;
  } catch (error) {
    const kept = file.read();
    if (kept === undefined || judgeKeptToken(kept, of, Date.now()) === "over") throw error;
    return kept;
  }
}
