import { harmless } from "./harmless.ts";

/** Per step and level; what comes after is dropped by the platform without a word. */
const ANNOTATIONS_PER_LEVEL = 10;
/** Characters of one annotation; the rest is cut by the platform. */
const LONGEST_MESSAGE = 4096;

export type Level = "error" | "warning" | "notice";

export interface Place {
  readonly title?: string | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

export interface Annotations {
  /** Annotates while the budget lasts; afterwards the text still stands in the log, as a plain line. */
  say(level: Level, message: string, place?: Place): void;
}

type Emit = (level: Level, message: string, place: Place) => void;

/** Annotations within the platform's budget of one step. `print` writes a plain log line. */
export function createAnnotations(emit: Emit, print: (line: string) => void): Annotations {
  const used: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  return {
    say: (level, message, place = {}) => {
      const safe = harmless(message);
      if (used[level] >= ANNOTATIONS_PER_LEVEL) {
        print(`${level}: ${place.title === undefined ? "" : `${harmless(place.title)}: `}${safe}`);
        return;
      }
      used[level] += 1;
      emit(level, cut(safe), place.title === undefined ? place : { ...place, title: harmless(place.title) });
    },
  };
}

function cut(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}
