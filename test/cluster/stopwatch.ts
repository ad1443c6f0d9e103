/** What took how long, in the order in which it ended. */
export interface Stopwatch {
  lap(name: string): void;
  /** `API server 2.1 s, node ready 4.0 s`: counted from the beginning. */
  render(): string;
}

export function startStopwatch(now: () => number = () => performance.now()): Stopwatch {
  const started = now();
  const laps: string[] = [];
  return {
    lap: (name) => {
      laps.push(`${name} ${((now() - started) / 1000).toFixed(1)} s`);
    },
    render: () => laps.join(", "),
  };
}
