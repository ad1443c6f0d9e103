import { renderDuration } from "../../kit/duration.ts";
import { classifyFailure } from "../../terraform/diagnostics/classify-failure.ts";
import { readStreamLine, readStreamTime } from "../../terraform/read-stream.ts";
import { listSensitiveValues } from "../../terraform/sensitive-values.ts";
import type { Story } from "../../terraform/story.ts";
import { createWorkLog, type WorkFacts } from "../../terraform/work-log.ts";
import type { JobFacts } from "../job-facts.ts";
import { createCommenter } from "./commenter.ts";
import { conclude, type Ending } from "./conclude.ts";
import { redactFacts } from "./json-call.ts";
import { maskState } from "./mask-state.ts";
import { publish } from "./publish.ts";
import type { RunRecord } from "./record.ts";
import { type Inputs, readRequest } from "./request.ts";
import { readRootModule } from "./root-module.ts";
import { openBlob } from "./state-blob.ts";
import { createStoryteller } from "./storyteller.ts";
import { makeToolEnvironment } from "./tool-environment.ts";
import type { World } from "./world.ts";

/** A call of terraform that main did not see the end of. */
export interface OrphanedCall {
  /** `plan`, `apply`. */
  readonly name: string;
  /** Tells terraform to stop, unless it was told before. */
  interrupt(): void;
  /** False when it still runs after that time. */
  waitForEnd(limitMs: number, onTick: (waitedMs: number) => void): Promise<boolean>;
  /** What it wrote, once it has ended. */
  readLines(): Promise<{ readonly stdout: readonly string[]; readonly stderr: readonly string[] }>;
}

const SAY_EVERY_MS = 15_000;

/**
 * Ends a run that main could not end: waits for terraform to store its state, reads what it did, looks after lock and
 * state, and tells the story. Returns false when terraform still runs.
 */
export async function takeOver(
  record: RunRecord,
  call: OrphanedCall | undefined,
  { inputs, world }: { readonly inputs: Inputs; readonly world: World },
): Promise<boolean> {
  const request = readRequest(inputs);
  const job = await world.readJob();
  // Only for the secrets in it: a later step may have removed what it needs.
  await readRootModule(request, job, world).catch(() => undefined);
  await maskPlan(world);
  const teller = createStoryteller(record, world);
  const { tool, state } = await openPlaces(record, { request, job, world });
  if (record.concluded) {
    // All is told but this: storage may answer by now.
    await conclude({ world, job, teller, tool, state });
    return true;
  }
  const commenter = createCommenter(request.comment, job, world);
  if (call !== undefined) {
    if (!(await waitFor(call, inputs.cancelWait, world))) {
      const text = `terraform still works (${call.name}), and the runner ends it with this job. What it has not stored by then is lost, and its lock stays.`;
      world.log.error(`${text}\nTo do: give cancel-wait more time; then run command: unlock, and plan again.`);
      teller.tell({ status: "cancelled", failure: { reason: "cancelled-dirty", message: text } });
      await publish(teller.story(), commenter, world);
      return false;
    }
    const facts = redactFacts(await readFacts(call, record), world);
    tellWork(facts, call.name, teller);
  } else if (teller.story().failure === undefined && !isOver(teller.story())) {
    teller.tell({ status: "cancelled", failure: ENDED_EARLY });
  }
  if (tool !== undefined && teller.story().diagnostics.length > 0) await maskState(tool, world);
  const well = await conclude({ world, job, teller, tool, state, orphaned: call !== undefined });
  const { failure } = teller.story();
  if (failure?.reason === "cancelled-clean" && !well) {
    teller.tell({ failure: { reason: "cancelled-dirty", message: `${failure.message} The state needs a look.` } });
  }
  for (const line of teller.story().failure?.message.split("\n") ?? []) world.log.info(world.redact(line));
  await publish(teller.story(), commenter, world);
  teller.mark({ concluded: true });
  return true;
}

interface Given {
  readonly request: ReturnType<typeof readRequest>;
  readonly job: JobFacts;
  readonly world: World;
}

/** What main worked with, as its record names it. */
async function openPlaces(
  { folder, dataFolder, blob }: RunRecord,
  { request, job, world }: Given,
): Promise<Pick<Ending, "tool" | "state">> {
  const identity = world.azure === undefined ? undefined : request;
  const environment = makeToolEnvironment({ environment: job.environment, identity, dataFolder, relay: {} });
  const tool = await world.openTool(request.tool, { folder, environment }).catch(() => undefined);
  const state = blob === undefined || world.azure === undefined ? undefined : openBlob(blob, world.azure);
  return { tool, state };
}

async function maskPlan(world: Pick<World, "files" | "mask">): Promise<void> {
  const json = await world.files.read(world.files.pathOf("plan.json"));
  const found = json === undefined ? undefined : listSensitiveValues(json.toString("utf8"));
  if (found !== undefined && "value" in found) for (const value of found.value.values) world.mask(value);
}

async function waitFor(call: OrphanedCall, limitMs: number, { log }: Pick<World, "log">): Promise<boolean> {
  call.interrupt();
  let said = Number.NEGATIVE_INFINITY;
  return call.waitForEnd(limitMs, (waitedMs) => {
    if (waitedMs - said < SAY_EVERY_MS) return;
    said = waitedMs;
    const since = waitedMs < 1_000 ? "" : ` since ${renderDuration(waitedMs)}`;
    log.info(
      `waiting${since} for terraform to wind up its ${call.name}: it stores its state and gives back the lock (${renderDuration(limitMs)} at most)`,
    );
  });
}

async function readFacts(call: OrphanedCall, record: RunRecord): Promise<WorkFacts> {
  const { stdout, stderr } = await call.readLines();
  const log = createWorkLog();
  let atMs = 0;
  for (const line of stdout) {
    atMs = Math.max(atMs, (readStreamTime(line)?.getTime() ?? 0) - record.startedAt);
    log.read(readStreamLine(line), atMs);
  }
  for (const line of stderr) log.read({ kind: "text", text: line }, atMs);
  return log.facts();
}

const ENDED_EARLY = { reason: "cancelled-clean", message: "The job ended before the work did." } as const;

/** Whether main had come to the end of its work, and only its last words are missing. */
function isOver({ status }: Story): boolean {
  return status === "done" || status === "planned";
}

/** The exit code went with main; a terraform that ended by itself has said a last word. */
function tellWork(facts: WorkFacts, name: string, teller: ReturnType<typeof createStoryteller>): void {
  const story = teller.story();
  // Main was killed in the middle of it: it began where what main had noted last ended.
  const fromMs = Math.max(0, ...story.phases.map(({ toMs }) => toMs));
  teller.tell({
    phases: [...story.phases, { name: name === "apply" ? story.command : name, fromMs, toMs: teller.elapsed() }],
    work: name === "apply" ? [...story.work, ...facts.work] : story.work,
    summary: facts.summary ?? story.summary,
    diagnostics: [...story.diagnostics, ...facts.diagnostics],
    status: "cancelled",
    failure: explainEnd(facts, name, story.command),
  });
}

function explainEnd(
  { done, total, ...facts }: WorkFacts,
  name: string,
  command: string,
): NonNullable<Story["failure"]> {
  // No other call changes anything.
  if (name !== "apply" && name !== "plan") return ENDED_EARLY;
  const spoke = facts.diagnostics.some(({ severity }) => severity === "error");
  const summed = facts.summary !== undefined && (facts.summary.operation === "plan") === (name === "plan");
  if (name === "apply" && summed) {
    const message = "The job was cancelled as terraform ended its work; nothing is left to do.";
    return { reason: "cancelled-clean", message };
  }
  const exitCode = spoke || summed ? 1 : undefined;
  const ended = { ...facts, exitCode, cancelled: true };
  const { code, message } =
    name === "plan"
      ? classifyFailure({ ...ended, command: name })
      : classifyFailure({ ...ended, done, total, command });
  return { reason: code, message };
}
