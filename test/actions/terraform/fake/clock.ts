/** A clock that only moves when somebody waits, or a test says so. */
export interface Clock {
  now(): number;
  pass(milliseconds: number): void;
}

export const START = new Date("2026-11-21T12:00:00Z");

export function createClock(): Clock {
  let now = START.getTime();
  return {
    now: () => now,
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}
