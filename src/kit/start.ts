import type { ActionSpec, InputsOf, Result, Run } from "./define-action.ts";
import { codeOf, renderError } from "./error-chain.ts";
import { readInputs } from "./read-inputs.ts";
import { connectRunner, type Runner } from "./runner.ts";

export interface Action<S extends ActionSpec, W> {
  readonly spec: S;
  readonly run: Run<S, W>;
  /** Builds the adapters that `run` works with. No I/O yet. */
  readonly connect: (runner: Runner, inputs: InputsOf<S>) => W;
}

/**
 * Runs an action's main stage: reads its inputs, runs it, writes its outputs, and turns whatever was thrown into one
 * annotation and exit code 1.
 */
export async function start<S extends ActionSpec, W>(action: Action<S, W>): Promise<void> {
  const runner = connectRunner(process);
  // A library's promise that nobody waits for (a token refreshed ahead of time) must not end a run before it has told.
  process.on("unhandledRejection", (error) => runner.log.warning(runner.redact(renderError(error))));
  try {
    const inputs = readInputs(action.spec, runner.environment, runner.mask);
    const result = await action.run(inputs, action.connect(runner, inputs));
    writeOutputs(action.spec, result, runner);
    if (result.failure !== undefined) throw result.failure;
  } catch (error) {
    report(error, runner, `${action.spec.name} failed`);
  }
  // All is said. A request that nobody waits for any more would hold the process until the runner kills it.
  if (runner.cancelled.aborted) setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** How long a cancelled process may still live on sockets alone. */
const LINGER_MS = 500;

/** What a post stage gets: no inputs are checked any more, what main left behind is in the state. */
export type Post = (runner: Runner) => Promise<void>;

/** Runs an action's post stage. It cleans up: a fault there is a warning, it never turns a green job red. */
export async function startPost(name: string, post: Post): Promise<void> {
  const runner = connectRunner(process);
  try {
    await post(runner);
  } catch (error) {
    runner.log.warning(runner.redact(renderError(error)), { title: `${name}: clean-up was not finished` });
  }
}

function writeOutputs<S extends ActionSpec>(spec: S, result: Result<S>, runner: Runner): void {
  const values: Readonly<Record<string, unknown>> = result.outputs;
  for (const name of Object.keys(spec.outputs)) {
    runner.setOutput(name, String(values[name] ?? ""));
  }
  for (const [name, value] of Object.entries(result.namedOutputs ?? {})) {
    if (!(name in spec.outputs)) runner.setOutput(name, value);
  }
}

function report(error: unknown, runner: Runner, title: string): void {
  // First: whatever fails below, the step must not turn green.
  process.exitCode = 1;
  const place = error !== null && typeof error === "object" ? (error as { file?: string; line?: number }) : {};
  runner.log.error(runner.redact(renderError(error)), { title, file: place.file, line: place.line });
  try {
    runner.setOutput("error-code", codeOf(error));
  } catch {
    // The annotation above has said what is wrong; there may be no file for outputs.
  }
}
