import type { LogLine } from "../../test/runner/job.ts";
import type { Stage } from "./act.ts";

/** A job that tells its lines. */
export interface Speaker {
  line(line: LogLine): void;
  /** It has ended. */
  done(): void;
}

/**
 * Lets jobs that run side by side be heard one after the other: the first one while it runs, the next one's lines when
 * that has ended.
 */
export function speakInTurn(watch: Stage["watch"]): (jobName: string) => Speaker {
  interface Waiting {
    readonly name: string;
    readonly held: LogLine[];
    ended: boolean;
  }
  const queue: Waiting[] = [];
  let out: ((line: LogLine) => void) | undefined;
  const speak = (): void => {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      out ??= watch(first.name);
      for (const line of first.held.splice(0)) out(line);
      if (!first.ended) return;
      queue.shift();
      out = undefined;
    }
  };
  return (name) => {
    const own: Waiting = { name, held: [], ended: false };
    queue.push(own);
    speak();
    return {
      line: (line) => {
        own.held.push(line);
        if (queue[0] === own) speak();
      },
      done: () => {
        own.ended = true;
        speak();
      },
    };
  };
}
