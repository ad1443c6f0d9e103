import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** How one run of a child went. */
export interface Measured {
  readonly milliseconds: number;
  /** The most memory that it ever held, from /proc; 0 where there is no /proc. */
  readonly peakMegabytes: number;
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs `node <args>` with nothing but this environment, and measures it. */
export function measure(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Measured> {
  return measureCommand(process.execPath, args, environment, cwd);
}

/** Runs any command with nothing but this environment, and measures it. */
export function measureCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const output: Buffer[] = [];
    let peakMegabytes = 0;
    const look = (): void => {
      peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid));
    };
    const timer = setInterval(look, 100);
    child.stdout.on("data", (chunk: Buffer) => void output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => void output.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearInterval(timer);
      resolve({
        milliseconds: performance.now() - startedAt,
        peakMegabytes,
        exitCode,
        output: Buffer.concat(output).toString(),
      });
    });
  });
}

/** What was measured of a child that did its work. @throws Error with the end of what it printed when it did not */
export function mustPass(measured: Measured): Measured {
  if (measured.exitCode !== 0) throw new Error(`It failed:\n${measured.output.slice(-3000)}`);
  return measured;
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The middle of several runs, taken in turns with the others so that a busy moment hits all alike. */
export async function medians<K extends string>(
  rounds: number,
  runs: Readonly<Record<K, () => Promise<Measured>>>,
): Promise<Readonly<Record<K, number>>> {
  const names = Object.keys(runs) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)?.push((await runs[name]()).milliseconds);
  }
  const middle = (list: readonly number[]): number =>
    list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
  return Object.fromEntries(names.map((name) => [name, middle(times.get(name) ?? [])])) as Record<K, number>;
}
