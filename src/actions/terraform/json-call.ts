import { startProgress } from "../../kit/progress.ts";
import type { UserError } from "../../kit/user-error.ts";
import { classifyFailure, type FailedRun } from "../../terraform/diagnostics/classify-failure.ts";
import { readStreamLine } from "../../terraform/read-stream.ts";
import type { Diagnostic } from "../../terraform/stream-event.ts";
import { createWorkLog, type WorkFacts, type WorkLog } from "../../terraform/work-log.ts";
import { failure } from "./failure.ts";
import { maskState } from "./mask-state.ts";
import { nameInputs } from "./name-inputs.ts";
import { renderEvent, renderProgressLine } from "./render-progress.ts";
import type { Session } from "./session.ts";
import type { Storyteller } from "./storyteller.ts";
import type { ToolOutcome, World } from "./world.ts";

/** What a call with `-json` came to. Diagnostics are redacted. */
export interface JsonOutcome {
  readonly exitCode: number | undefined;
  readonly facts: WorkFacts;
}

/** Runs terraform with `-json`: prints what happens as it happens, and tells the story of it. */
export async function runJson(
  session: Pick<Session, "tool" | "teller" | "world">,
  call: { readonly name: string; readonly parameters: readonly string[]; readonly planned?: number },
): Promise<JsonOutcome> {
  const { tool, teller, world } = session;
  const log = createWorkLog(call.planned);
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  const show = call.name === "apply" ? createWatch(log, teller) : () => {};
  const held: string[] = [];
  const onLine = (line: string): void => {
    const event = readStreamLine(line);
    log.read(event, teller.elapsed());
    show();
    if (event.kind === "progress") progress.say(world.redact(renderProgressLine(log.facts())));
    else {
      const text = renderEvent(event);
      // What it quotes may have been made only now.
      if (event.kind === "diagnostic") held.push(text ?? "");
      // The plan before it has told what will be done.
      else if (text !== undefined && !(event.kind === "planned" && call.name === "apply")) {
        world.log.info(world.redact(text));
      }
    }
  };
  const done = await tool.run({ ...call, onLine });
  if (held.length > 0 && (call.name === "apply" || done.exitCode !== 0)) await maskState(tool, world);
  if (!world.cancelled.aborted) for (const text of held) world.log.info(nameInputs(world.redact(text)));
  for (const line of done.stderr.split("\n")) {
    if (line.trim() !== "") log.read({ kind: "text", text: line }, teller.elapsed());
  }
  const facts = redactFacts(log.facts(), world);
  const { story } = teller.record();
  teller.tell({
    tool: facts.version === undefined ? story.tool : `${tool.product} ${facts.version}`,
    work: call.name === "apply" ? [...story.work, ...facts.work] : story.work,
    summary: facts.summary ?? story.summary,
    diagnostics: [...story.diagnostics, ...facts.diagnostics],
  });
  return { exitCode: done.exitCode, facts };
}

/** What every call that takes the state's lock is told. */
export function listRunOptions({ lockTimeout, parallelism }: Session["request"]): readonly string[] {
  const wait = `-lock-timeout=${Math.round(lockTimeout / 1_000)}s`;
  return ["-input=false", "-json", "-lock=true", wait, `-parallelism=${parallelism}`];
}

/** How often somebody who watches is told, at most: the whole work is gone through each time. */
const SHOW_EVERY_MS = 1_000;

function createWatch(log: WorkLog, teller: Storyteller): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = teller.elapsed();
    if (now - last < SHOW_EVERY_MS) return;
    last = now;
    const { work, summary } = log.facts();
    teller.show({ work, summary });
  };
}

/** What went wrong in a call with `-json`. */
export function explainJson(
  command: FailedRun["command"],
  { exitCode, facts }: JsonOutcome,
  world: Pick<World, "cancelled" | "redact">,
): UserError {
  const cancelled = world.cancelled.aborted || facts.interrupts > 0;
  const { done, total, ...said } = facts;
  const progress = command === "apply" || command === "destroy" ? { done, total } : {};
  const { code, message } = classifyFailure({ ...said, ...progress, command, exitCode, cancelled });
  return failure(code, world.redact(message));
}

/** What went wrong in a call that speaks plain text. */
export function explainOutput(
  command: FailedRun["command"],
  done: ToolOutcome,
  world: Pick<World, "cancelled" | "redact">,
): UserError {
  const texts = nameInputs(world.redact(`${done.stdout}\n${done.stderr}`)).split("\n");
  const { exitCode } = done;
  const cancelled = world.cancelled.aborted;
  const { code, message } = classifyFailure({ command, diagnostics: [], texts, exitCode, cancelled });
  return failure(code, message);
}

/** The same facts without any secret that is known by now. */
export function redactFacts(facts: WorkFacts, world: Pick<World, "redact">): WorkFacts {
  return {
    ...facts,
    diagnostics: facts.diagnostics.map((diagnostic) => redactDiagnostic(diagnostic, world)),
    texts: facts.texts.map(world.redact),
  };
}

function redactDiagnostic(diagnostic: Diagnostic, { redact }: Pick<World, "redact">): Diagnostic {
  const { summary, detail, range } = diagnostic;
  return {
    ...diagnostic,
    summary: nameInputs(redact(summary)),
    detail: nameInputs(redact(detail)),
    range: range === undefined ? undefined : { ...range, file: nameInputs(range.file) },
  };
}
