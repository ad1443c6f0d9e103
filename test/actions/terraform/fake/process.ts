/** A terraform that runs: it outlives whoever started it. */
export interface FakeProcess {
  readonly name: string;
  readonly stdout: string[];
  readonly stderr: string[];
  /** How often it was signalled. */
  interrupts: number;
  /** SIGKILL came: it does nothing any more. */
  killed: boolean;
  over: boolean;
  /** Undefined when a signal ended it. */
  exitCode: number | undefined;
  readonly ended: Promise<void>;
  onLine: (line: string) => void;
  /** Told of its first signal. */
  onInterrupt: () => void;
  interrupt(): void;
}

/** Thrown inside of a process that got SIGKILL. */
const KILLED = new Error("killed");

export interface Body {
  readonly process: FakeProcess;
  print(line: string): void;
  complain(text: string): void;
  /** A place where tests may step in; nothing goes beyond it after a SIGKILL. */
  step(point: string): Promise<void>;
  /** Nothing is sent by a process that got SIGKILL; what was on its way then still arrives. */
  requireLife(): void;
}

/** Starts `work`, and keeps what it prints; its result is the exit code. */
export function startProcess(
  name: string,
  reach: (point: string) => Promise<void>,
  work: (body: Body) => Promise<number>,
): FakeProcess {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const process: FakeProcess = {
    name,
    stdout: [],
    stderr: [],
    interrupts: 0,
    killed: false,
    over: false,
    exitCode: undefined,
    ended,
    onLine: () => {},
    onInterrupt: () => {},
    interrupt: () => {
      if (process.over || process.killed) return;
      process.interrupts += 1;
      if (process.interrupts === 1) process.onInterrupt();
    },
  };
  const body: Body = {
    process,
    print: (line) => {
      if (process.killed) return;
      process.stdout.push(line);
      process.onLine(line);
    },
    complain: (text) => void process.stderr.push(text),
    step: async (point) => {
      await reach(point);
      body.requireLife();
    },
    requireLife: () => {
      if (process.killed) throw KILLED;
    },
  };
  const run = async (): Promise<void> => {
    try {
      process.exitCode = await work(body);
    } catch (error) {
      if (error !== KILLED) body.complain(`panic: ${error instanceof Error ? error.stack : String(error)}`);
      process.exitCode = error === KILLED ? undefined : 2;
    } finally {
      process.over = true;
      end();
    }
  };
  void run();
  return process;
}
