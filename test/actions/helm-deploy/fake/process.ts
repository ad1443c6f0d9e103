import type { HelmOutcome } from "../../../../src/actions/helm-deploy/world.ts";

/** A helm that runs: it outlives whoever started it. */
export interface FakeProcess {
  readonly name: string;
  readonly parameters: readonly string[];
  stdout: string;
  stderr: string;
  /** How often it was told to stop. */
  interrupts: number;
  readonly ended: Promise<HelmOutcome>;
  interrupt(): void;
}

export interface Body {
  readonly process: FakeProcess;
  /** Aborts with SIGINT. */
  readonly interrupted: AbortSignal;
}

/** Starts `work`; its result is the exit code, undefined where the signal itself ends it. */
export function startProcess(
  name: string,
  parameters: readonly string[],
  work: (body: Body) => Promise<number | undefined>,
): FakeProcess {
  const controller = new AbortController();
  let over = false;
  const { promise, resolve } = Promise.withResolvers<HelmOutcome>();
  const process: FakeProcess = {
    name,
    parameters,
    stdout: "",
    stderr: "",
    interrupts: 0,
    ended: promise,
    interrupt: () => {
      if (over) return;
      process.interrupts += 1;
      controller.abort();
    },
  };
  void work({ process, interrupted: controller.signal }).then((exitCode) => {
    over = true;
    resolve({ exitCode, stdout: process.stdout, stderr: process.stderr });
  });
  return process;
}
