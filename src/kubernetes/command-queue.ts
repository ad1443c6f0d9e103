import { UserError } from "../kit/user-error.ts";
import { type CommandAnswer, parseAnswers } from "./command-answers.ts";
import { type CommandOrder, isOnce, nameOrder, packOrders } from "./command-order.ts";
import { COMMAND_SCRIPT } from "./command-script.ts";

/** Runs a script in a pod of the cluster, in a folder with these files (a zip). @throws UserError */
export type RunCommand = (
  script: string,
  files?: Uint8Array,
) => Promise<{ readonly exitCode: number; readonly output: string; readonly cut: boolean }>;

/** Has an order done. @throws UserError `run-command-output-cut`, `run-command-failed`, and those of the command */
export type AskByCommand = (order: CommandOrder, until?: AbortSignal) => Promise<CommandAnswer>;

/** What is asked at the same moment goes in one command. */
const GATHER_MS = 25;
const MOST_ORDERS = 64;
/** What the script prints at most: see there. */
const OUTPUT_BYTES = 491_520 - 64;

interface Entry {
  readonly order: CommandOrder;
  done(answer: CommandAnswer): void;
  fail(error: unknown): void;
}

/**
 * One command at a time: whoever asks while one is under way goes together with all others in the next, since each takes
 * many seconds.
 */
export function createCommandQueue(run: RunCommand): AskByCommand {
  let waiting: Entry[] = [];
  let pumping = false;
  /** How many objects of a collection fit into one answer, by its path. */
  const pages = new Map<string, number>();

  const settle = async (batch: readonly Entry[]): Promise<void> => {
    const { exitCode, output, cut } = await run(COMMAND_SCRIPT, packOrders(batch.map(({ order }) => order)));
    const { answers, left, fault } = parseAnswers(output);
    if (fault !== undefined) throw sayBroken(fault);
    for (const [index, entry] of batch.entries()) {
      const answer = answers.get(nameOrder(index));
      const bytes = left.get(nameOrder(index));
      if (answer !== undefined) entry.done(answer);
      else if (bytes === undefined) entry.fail(sayMissing(exitCode, output, cut));
      else if (isOnce(entry.order)) entry.fail(sayTooLarge(entry.order, bytes));
      else if (bytes <= OUTPUT_BYTES) waiting.unshift(entry);
      else if (shrink(pages, entry.order, bytes)) waiting.unshift({ ...entry, order: paged(pages, entry.order) });
      else entry.fail(sayTooLarge(entry.order, bytes));
    }
  };
  const pump = async (): Promise<void> => {
    if (pumping) return;
    pumping = true;
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    while (waiting.length > 0) {
      const taken = waiting.slice(0, MOST_ORDERS);
      waiting = waiting.slice(MOST_ORDERS);
      // What cannot be asked twice prints first, where there surely is room.
      const batch = taken.toSorted((one, other) => Number(isOnce(other.order)) - Number(isOnce(one.order)));
      await settle(batch).catch((error: unknown) => {
        for (const { fail } of batch) fail(error);
      });
    }
    pumping = false;
  };

  return (order, until) =>
    new Promise((resolve, reject) => {
      if (until?.aborted) return reject(until.reason);
      const entry: Entry = { order: paged(pages, order), done: resolve, fail: reject };
      until?.addEventListener(
        "abort",
        () => {
          waiting = waiting.filter(({ done }) => done !== entry.done);
          reject(until.reason);
        },
        { once: true },
      );
      waiting.push(entry);
      void pump();
    });
}

const LIMIT = /([?&]limit=)(\d+)/;

/** Smaller pages for a list that is too long for one answer. False for what is no list, or a single object. */
function shrink(pages: Map<string, number>, order: CommandOrder, bytes: number): boolean {
  if (order.kind === "kubectl") return false;
  const limit = Number(LIMIT.exec(order.path)?.[2] ?? 0);
  if (limit <= 1) return false;
  pages.set(collectionOf(order.path), Math.max(1, Math.floor(((limit * OUTPUT_BYTES) / bytes) * 0.6)));
  return true;
}

function paged(pages: ReadonlyMap<string, number>, order: CommandOrder): CommandOrder {
  if (order.kind === "kubectl") return order;
  const fits = pages.get(collectionOf(order.path));
  if (fits === undefined) return order;
  const path = order.path.replace(LIMIT, (_, name: string, limit: string) => `${name}${Math.min(fits, Number(limit))}`);
  return { ...order, path };
}

function collectionOf(path: string): string {
  return path.split("?", 1)[0] ?? path;
}

function sayBroken(fault: string): UserError {
  return new UserError(
    "run-command-failed",
    `The cluster can be asked only by commands that Azure runs in it, and that does not work: ${fault}.\nTo do: run the job on a runner that reaches the API server (aks-set-context with route: direct).`,
  );
}

function sayTooLarge(order: CommandOrder, bytes: number): UserError {
  const what = order.kind === "http" ? `${order.method} ${collectionOf(order.path)}` : "a command in a container";
  const again = isOnce(order) ? " It has been done, and is not done again." : "";
  return new UserError(
    "run-command-output-cut",
    `The answer to ${what} takes ${Math.ceil(bytes / 1024)} kB, and Azure keeps 512 kB of what a command prints.${again}\nTo do: ask for less, or run the job on a runner that reaches the API server (aks-set-context with route: direct).`,
  );
}

/** Never taken for an empty answer. */
function sayMissing(exitCode: number, output: string, cut: boolean): UserError {
  if (cut) {
    return new UserError("run-command-output-cut", "Azure cut off what a command in the cluster printed: 512 kB.");
  }
  const said = /^(?!::)(?=.*\S).*/m.exec(output)?.[0].slice(0, 300);
  return new UserError(
    "run-command-failed",
    `A command that Azure ran in the cluster ended with exit code ${exitCode} and without its answer${said === undefined ? "" : `: ${said}`}.`,
  );
}
