import type { Clock } from "../clock.ts";

/** What is to happen at a time of the clock, whether or not anybody asks for it then. */
export interface Timeline {
  at(time: number, happen: () => void): void;
  /** Lets happen whatever is due, in order. Called before each request and each look at the state. */
  settle(): void;
}

export function createTimeline(clock: Clock): Timeline {
  const entries: { readonly time: number; readonly happen: () => void }[] = [];
  return {
    at: (time, happen) => {
      const place = entries.findIndex((entry) => entry.time > time);
      entries.splice(place < 0 ? entries.length : place, 0, { time, happen });
    },
    settle: () => {
      for (let next = entries[0]; next !== undefined && next.time <= clock.time(); next = entries[0]) {
        entries.shift();
        next.happen();
      }
    },
  };
}
