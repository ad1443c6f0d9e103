import { tmpdir } from "node:os";
import * as core from "@actions/core";
import { createAnnotations, type Place } from "./annotation.ts";
import { sleep, watchCancel } from "./cancel.ts";
import { harmless } from "./harmless.ts";
import { createRedactor, listForms } from "./masking.ts";
import { UserError } from "./user-error.ts";

export interface Log {
  /** A plain line. Text from outside cannot become a command of the runner. */
  info(line: string): void;
  debug(line: string): void;
  notice(message: string, place?: Place): void;
  warning(message: string, place?: Place): void;
  error(message: string, place?: Place): void;
  /** Folds what `work` prints. Groups do not nest on GitHub. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** What an action may ask of the runner. `run.ts` gets the slice it needs through its world. */
export interface Runner {
  readonly log: Log;
  /** The job's environment, read only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts when the job is cancelled. */
  readonly cancelled: AbortSignal;
  /** The job's scratch folder: emptied by the runner before and after. */
  readonly tempFolder: string;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled, and when `until` aborts: a timer that is left keeps the process. */
  sleep(milliseconds: number, until?: AbortSignal): Promise<void>;
  /** Registers a secret with the runner and with `redact`, in every form it could be printed. */
  mask(secret: string): void;
  /** A text with every registered secret replaced. */
  redact(text: string): string;
  /** A fresh GitHub ID token for an audience (300 s to live). */
  idToken(audience: string): Promise<string>;
  exportVariable(name: string, value: string): void;
  setOutput(name: string, value: string): void;
  /** Appends Markdown to the step's summary. */
  summarize(markdown: string): Promise<void>;
  /** Kept for this step's post; never a secret. */
  saveState(name: string, value: string): void;
  state(name: string): string;
}

const EMIT = { error: core.error, warning: core.warning, notice: core.notice } as const;

/**
 * The real runner. This file and start.ts are the only ones that touch it. A post that finds nothing to do asks for its
 * state and says a line at most: for that the toolkit is not needed, and takes 20 ms to load.
 */
export function connectRunner(process: NodeJS.Process): Runner {
  const redactor = createRedactor();
  const masked = new Set<string>();
  const cancelled = watchCancel(process);
  const info = (line: string): void => void process.stdout.write(`${harmless(line)}\n`);
  const annotations = createAnnotations((level, message, { title, file, line }) => {
    const place = {
      ...(title === undefined ? {} : { title }),
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { startLine: line }),
    };
    EMIT[level](message, place);
  }, info);
  return {
    log: {
      info,
      debug: (line) => core.debug(line),
      notice: (message, place) => annotations.say("notice", message, place),
      warning: (message, place) => annotations.say("warning", message, place),
      error: (message, place) => annotations.say("error", message, place),
      group: (title, work) => core.group(harmless(title), work),
    },
    environment: process.env,
    cancelled,
    tempFolder: process.env["RUNNER_TEMP"] || tmpdir(),
    now: () => new Date(),
    // `performance` loads a part of node that nothing else at a start needs.
    monotonic: () => Number(process.hrtime.bigint()) / 1e6,
    sleep: (milliseconds, until) =>
      sleep(milliseconds, until === undefined ? cancelled : AbortSignal.any([cancelled, until])),
    mask: (secret) => {
      // Several layers register the same token, each to be sure; the log needs it once.
      if (masked.has(secret)) return;
      masked.add(secret);
      redactor.add(secret);
      for (const form of listForms(secret)) core.setSecret(form);
    },
    redact: redactor.redact,
    idToken: (audience) => core.getIDToken(audience),
    exportVariable: (name, value) => toFile("variables", () => core.exportVariable(name, value)),
    setOutput: (name, value) => toFile("outputs", () => core.setOutput(name, value)),
    summarize: async (markdown) => {
      // Without the variable there is no page to write to, as in a shell on a laptop.
      if (!process.env["GITHUB_STEP_SUMMARY"]) return;
      try {
        await core.summary.addRaw(redactor.redact(markdown), true).write();
      } catch (error) {
        // The page is for reading: what the action did stands, and its outputs must still be written.
        const because = error instanceof Error ? error.message : String(error);
        annotations.say("warning", `The step summary could not be written: ${because}`);
      }
    },
    saveState: (name, value) => toFile("state", () => core.saveState(name, value)),
    state: (name) => process.env[`STATE_${name}`] ?? "",
  };
}

/** @throws UserError `runner-files` when the runner's file for such values cannot be written. */
function toFile(what: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new UserError("runner-files", `The runner's file for ${what} cannot be written. Mend the runner.`, { cause });
  }
}
