/** One figure of the bench against its limit. */
interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: string;
  readonly holds: boolean;
}

/** Collects figures, prints them as they come, and knows whether all limits hold. */
export interface Ledger {
  atMost(what: string, value: number, limit: number, unit: string): void;
  atLeast(what: string, value: number, limit: number, unit: string): void;
  readonly allHold: boolean;
}

export function openLedger(): Ledger {
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    const value = line.value >= 100 ? line.value.toFixed(0) : line.value.toFixed(2);
    console.log(
      `${line.holds ? "ok  " : "OVER"}  ${line.what.padEnd(58)} ${value.padStart(8)} ${line.unit.padEnd(3)} (${line.limit})`,
    );
  };
  return {
    atMost: (what, value, limit, unit) => add({ what, value, unit, limit: `at most ${limit}`, holds: value <= limit }),
    atLeast: (what, value, limit, unit) =>
      add({ what, value, unit, limit: `at least ${limit}`, holds: value >= limit }),
    get allHold() {
      return lines.every(({ holds }) => holds);
    },
  };
}
