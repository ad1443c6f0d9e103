/** The one clock of an emulated Azure: tokens, operations, buckets and Date headers follow it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since 1970, without making a Date. */
  time(): number;
  advance(milliseconds: number): void;
  set(date: Date): void;
  /** Stops the clock, at `at` when it is given. From then on it moves only by `advance`, `set` and `tick`. */
  freeze(at?: Date): void;
  /** Lets a frozen clock follow real time again, from where it stands. */
  resume(): void;
  readonly frozen: boolean;
  /** How far each answered request moves a frozen clock, so that pollers see an end without waiting. Zero at first. */
  tick(millisecondsPerRequest: number): void;
  /** Called once for each answered request. */
  answered(): void;
}

/** Follows real time plus an offset until it is frozen. */
export function createClock(start?: Date): Clock {
  let offset = start === undefined ? 0 : start.getTime() - Date.now();
  let frozenAt: number | undefined;
  let perRequest = 0;
  const time = () => frozenAt ?? Date.now() + offset;
  const set = (to: number) => {
    if (frozenAt === undefined) offset = to - Date.now();
    else frozenAt = to;
  };
  return {
    now: () => new Date(time()),
    time,
    advance: (milliseconds) => set(time() + milliseconds),
    set: (date) => set(date.getTime()),
    freeze: (at) => {
      frozenAt = at?.getTime() ?? time();
    },
    resume: () => {
      offset = time() - Date.now();
      frozenAt = undefined;
    },
    get frozen() {
      return frozenAt !== undefined;
    },
    tick: (milliseconds) => {
      perRequest = milliseconds;
    },
    answered: () => {
      if (frozenAt !== undefined) frozenAt += perRequest;
    },
  };
}

/** Waits as the far side would: a frozen clock is moved instead of waited for. */
export async function pass(clock: Clock, milliseconds: number): Promise<void> {
  if (clock.frozen) clock.advance(milliseconds);
  else await new Promise((done) => setTimeout(done, milliseconds));
}
