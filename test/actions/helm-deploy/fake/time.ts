/** Time that stands still while anybody has something to do, and then leaps to whoever sleeps the shortest. */
export interface FakeTime {
  now(): number;
  /** Milliseconds from now. Ends early when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Does something so many milliseconds from now. */
  after(milliseconds: number, action: () => void): void;
  /** Lets time pass until the work is done. Work that waits for nothing that ever comes is an error. */
  drive<T>(work: Promise<T>): Promise<T>;
}

export const START = new Date("2026-11-21T12:00:00Z");
const LONGEST_MS = 24 * 3_600_000;

export function createTime(): FakeTime {
  let now = START.getTime();
  let count = 0;
  const alarms = new Map<number, { readonly at: number; readonly ring: () => void }>();
  const set = (milliseconds: number, ring: () => void): (() => void) => {
    count += 1;
    const id = count;
    alarms.set(id, { at: now + milliseconds, ring });
    return () => void alarms.delete(id);
  };
  return {
    now: () => now,
    after: (milliseconds, action) => void set(milliseconds, action),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const cancel = set(milliseconds, resolve);
        signal?.addEventListener("abort", () => {
          cancel();
          resolve();
        });
      }),
    drive: async (work) => {
      let over = false;
      const done = work.finally(() => {
        over = true;
      });
      done.catch(() => {});
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (over) return done;
        const [first] = [...alarms].toSorted(([a, one], [b, other]) => one.at - other.at || a - b);
        if (first === undefined) throw new Error("Somebody waits for what never comes.");
        const [id, { at, ring }] = first;
        if (at > START.getTime() + LONGEST_MS) throw new Error("A day has passed.");
        alarms.delete(id);
        now = Math.max(now, at);
        ring();
      }
    },
  };
}
