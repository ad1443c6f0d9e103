import type { WorkflowRun } from "../../github/repository-api.ts";
import { renderDuration } from "../../kit/duration.ts";
import { codeOf } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import { decideLock } from "../../terraform/decide-lock.ts";
import type { LockInfo } from "../../terraform/lock-info.ts";
import { readLockInfo, readLockMetadata } from "../../terraform/read-lock-info.ts";
import { type RunNote, readRunNote } from "../../terraform/run-note.ts";
import { isSame, makeNote } from "./own-note.ts";
import type { Session } from "./session.ts";
import type { StateBlob } from "./state-blob.ts";

/** Does what needs the state's lock; where a run that is over has left it behind, releases it and does it once more. */
export async function releasingDeadLock<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { diagnostics } = session.teller.story();
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== "state-locked" || session.world.cancelled.aborted) throw error;
    const { lock, sentence } = await lookAtLock(session);
    // Of other backends, terraform is the only one who tells.
    session.teller.tell({ lock: lock ?? readLockInfo(session.teller.story().diagnostics) });
    if (await releaseDeadLock(session)) {
      session.teller.tell({ lock: undefined, diagnostics });
      return work();
    }
    throw sentence === undefined || !(error instanceof UserError)
      ? error
      : new UserError(error.code, `${error.message}\n${sentence}`, { cause: error });
  }
}

/** How the state's lock stands. */
export interface LockLook {
  readonly lock: LockInfo | undefined;
  /** Whether the lock is proven to be left over from a run that has ended. */
  readonly stale: boolean;
  /** Who holds it, or why nothing is proven. */
  readonly sentence: string | undefined;
  /** Of the state's blob while it is leased: who takes another lock changes it. */
  readonly etag: string | undefined;
}

const FREE: LockLook = { lock: undefined, stale: false, sentence: undefined, etag: undefined };

/** Looks at the lease of the state's blob, at the note beside it, and asks GitHub about the run that it names. */
export async function lookAtLock(session: Session): Promise<LockLook> {
  const { state, world } = session;
  if (state === undefined) return FREE;
  const facts = await state.container.find(state.place.name);
  if (facts?.lease.state !== "leased") return FREE;
  const lock = readLockMetadata(facts.metadata["terraformlockid"] ?? "");
  const found = await findNote(state);
  // Ours says nothing about a lock that was there before.
  const note = found !== undefined && isSame(found, makeNote(session)) ? undefined : found;
  const run = note === undefined ? undefined : await findRun(session, note);
  const decided = decideLock({ lock, note, run, now: world.now() });
  return { lock, stale: decided.kind === "stale", sentence: decided.because, etag: facts.etag };
}

/** Releases the lock if it is proven stale, and proves that it is gone. True when the state is free then. */
export async function releaseDeadLock(session: Session): Promise<boolean> {
  const { request, teller } = session;
  if (request.onLock === "wait" && request.command !== "unlock") return false;
  const { lock, stale, sentence } = await lookAtLock(session);
  if (lock === undefined || !stale) return false;
  if (!(await forceUnlock(session, lock.id))) return false;
  teller.note(`A stale lock was released (${lock.operation} by ${lock.who}): ${sentence}.`);
  return true;
}

/** Lets terraform release a lock by its id. True when the state's blob is proven free afterwards. */
export async function forceUnlock({ tool, state, world }: Session, id: string): Promise<boolean> {
  const done = await tool.run({ name: "unlock", parameters: ["force-unlock", "-force", "-no-color", id] });
  for (const line of done.stderr.split("\n")) if (line.trim() !== "") world.log.info(world.redact(line));
  // Some backends say yes to any id; the blob's lease is the truth.
  if (state === undefined) return done.exitCode === 0;
  const after = await state.container.find(state.place.name);
  return after?.lease.state !== "leased";
}

async function findNote({ container, note }: StateBlob): Promise<RunNote | undefined> {
  const bytes = await container.read(note);
  if (bytes === undefined) return undefined;
  const read = readRunNote(bytes.toString("utf8"));
  return "note" in read ? read.note : undefined;
}

/** The run that a note names. Without a token nobody can be asked, and nothing is known. */
export async function findRun({ world }: Session, note: RunNote): Promise<WorkflowRun | undefined> {
  if (world.github === undefined) return undefined;
  try {
    return await world.github.runs.find(note.repository, note.runId, note.attempt);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    world.log.warning(`GitHub could not be asked about run ${note.runId}: ${because}`);
    return undefined;
  }
}

/** `run 123 of owner/name (apply, for 3m)`. */
export function describeHolder(note: RunNote | undefined, now: Date): string {
  if (note === undefined) return "somebody whose note cannot be read";
  const since = renderDuration(now.getTime() - note.startedAt.getTime());
  return `run ${note.runId} of ${note.repository} (${note.command}, for ${since})`;
}
