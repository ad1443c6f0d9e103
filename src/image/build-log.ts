import type { BuildStep } from "./build-request.ts";

/** How a build failed, as its log tells it. */
export interface LoggedFault {
  /** The builder's last error, without the words that every error begins with. */
  readonly message: string;
  /** The line of the Dockerfile, from 1; undefined where the log does not say it. */
  readonly line: number | undefined;
  /** Of a classic build: the instruction that failed, from 1, in the order of the Dockerfile. */
  readonly instruction: number | undefined;
  /** What the failed step printed last. */
  readonly lastLines: readonly string[];
  /** The image that could not be had, as the Dockerfile or the builder names it, where that was the fault. */
  readonly base: string | undefined;
}

/** Reads a builder's log line by line: BuildKit's plain progress, the classic builder's, and both inside ACR Tasks'. */
export interface BuildLog {
  /** @param atMs milliseconds since the build began */
  read(line: string, atMs: number): void;
  steps(): readonly BuildStep[];
  /** What went wrong, for a build that ended badly: its error, or else the last that was printed. */
  fault(): LoggedFault;
}

interface OpenStep {
  name: string;
  startedMs: number;
  finishedMs: number;
  /** `stopped`: another step failed first, and this one was none the wiser. */
  outcome: BuildStep["outcome"] | "stopped" | undefined;
}

const STEP = /^#(\d+) (.*)$/;
const CLASSIC_STEP = /^Step (\d+)\/\d+ : (.*)$/;
/** What a person would not call a step. */
const INTERNAL =
  /^(?:\[internal\]|\[auth\]|resolving provenance|exporting (?:attestation|manifest|config)|building with )/;
const CLASSIC_FAULT =
  /^(?:The command '.*' returned a non-zero code: \d+|(?:COPY|ADD) failed: .*|failed to process .*|dockerfile parse error.*|Error response from daemon: .*|error during connect: .*|denied: .*|unauthorized: .*|failed to run step ID: .*)/i;
/** A step that only fetches an image: of BuildKit, and of the classic builder. */
const FETCH = /^\[(?:internal\] load metadata for|(?:\S+ )?\d+(?:\/\d+)?\] FROM) (?:--\S+ )*(\S+)/;
const KEPT_LINES = 12;
/** What docker says of the classic builder whenever that is used. */
const DEPRECATION = /^(?:DEPRECATED: | {12}\S)/;

/** A log of which nothing has been read. */
export function createBuildLog(): BuildLog {
  const steps = new Map<string, OpenStep>();
  const printed: string[] = [];
  let classic: OpenStep | undefined;
  let instruction: number | undefined;
  let error: string | undefined;
  let line: number | undefined;
  let lastPlace: number | undefined;
  let block: string[] | undefined;
  let lastLines: readonly string[] = [];
  let framed = false;
  let latestMs = 0;
  let ended = false;

  const readBuildKit = (id: string, text: string, atMs: number): void => {
    const step = steps.get(id) ?? { name: text, startedMs: atMs, finishedMs: atMs, outcome: undefined };
    steps.set(id, step);
    step.finishedMs = atMs;
    if (/^DONE \d/.test(text)) step.outcome ??= "done";
    else if (text === "CACHED") step.outcome = "cached";
    else if (/^ERROR\b/.test(text)) step.outcome = "failed";
    else if (text === "CANCELED") step.outcome = "stopped";
    // A step may be told of before it is named.
    else if (/^\[/.test(text) && /^(?:sha256:|\.\.\.)/.test(step.name)) step.name = text;
  };

  const readClassic = (number: number, text: string, atMs: number): void => {
    if (classic !== undefined) classic.outcome ??= "done";
    classic = { name: `[${number}] ${text}`, startedMs: atMs, finishedMs: atMs, outcome: undefined };
    steps.set(`step ${number}`, classic);
    instruction = number;
    printed.length = 0;
  };

  /** The frame in which BuildKit repeats the last lines of a failed step, and the one that shows the Dockerfile. */
  const readFrames = (text: string): void => {
    if (/^-{6}(?:-{14})?$/.test(text)) framed = true;
    if (/^-{6}$/.test(text)) {
      if (block !== undefined) lastLines = block.slice(1).slice(-KEPT_LINES);
      block = block === undefined ? [] : undefined;
    } else if (/^-{20}$/.test(text)) {
      line ??= lastPlace;
    } else {
      block?.push(text);
    }
    lastPlace = /^\S.*:(\d+)$/.test(text) ? Number(/:(\d+)$/.exec(text)?.[1]) : lastPlace;
  };

  return {
    read: (raw, atMs) => {
      // ACR Tasks put a time before what is their own.
      const text = raw.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /, "");
      latestMs = Math.max(latestMs, atMs);
      const [, id, rest] = STEP.exec(text) ?? [];
      if (id !== undefined && rest !== undefined) {
        readBuildKit(id, rest, atMs);
        return;
      }
      const [, number, words] = CLASSIC_STEP.exec(text) ?? [];
      if (number !== undefined && words !== undefined) {
        readClassic(Number(number), words, atMs);
        return;
      }
      readFrames(text);
      if (/^Successfully built /.test(text)) ended = true;
      if (classic !== undefined) {
        classic.finishedMs = atMs;
        if (/^ ---> Using cache/.test(text)) classic.outcome = "cached";
      }
      const [, said] = /^ERROR: (.*)$/.exec(text) ?? [];
      if (said !== undefined) error = said;
      else if (CLASSIC_FAULT.test(text)) error ??= text;
      else if (text.trim() === "" || DEPRECATION.test(text)) return;
      else if (printed.push(text) > KEPT_LINES) printed.shift();
    },
    steps: () =>
      [...steps.values()]
        .filter(({ name }) => !INTERNAL.test(name))
        .flatMap(({ name, startedMs, finishedMs, outcome }) => {
          if (outcome === "stopped") return [];
          // A classic step that has not ended is the one that failed.
          if (outcome === undefined)
            return [{ name, startedMs, finishedMs: latestMs, outcome: ended ? "done" : "failed" }];
          return [{ name, startedMs, finishedMs, outcome }];
        }),
    fault: () => {
      const message = (error ?? printed.at(-1) ?? "").replace(
        /^(?:failed to build: |failed to solve: |Error response from daemon: )+/,
        "",
      );
      return {
        message,
        line: line ?? readLine(message),
        instruction: classic === undefined ? undefined : instruction,
        // Where BuildKit repeats the step's lines, what else was printed are only its frames.
        lastLines: (framed ? lastLines : printed).filter((text) => text !== message),
        base: [...steps.values()]
          .filter((step) => step.outcome === "failed" || (step === classic && step.outcome === undefined && !ended))
          .map(({ name }) => FETCH.exec(name)?.[1])
          .find((image) => image !== undefined),
      };
    },
  };
}

/** A mistake that kept the Dockerfile from being read at all; the classic builder shows no frame for it. */
function readLine(message: string): number | undefined {
  const found = /dockerfile parse error (?:on )?line (\d+)/i.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}
