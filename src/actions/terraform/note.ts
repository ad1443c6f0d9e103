import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import type { LockInfo } from "../../terraform/lock-info.ts";
import { type RunNote, readRunNote, renderRunNote } from "../../terraform/run-note.ts";
import { failure } from "./failure.ts";
import { describeHolder, findRun, lookAtLock, releaseDeadLock } from "./locks.ts";
import { type Claim, isSame, makeNote } from "./own-note.ts";
import type { Session } from "./session.ts";
import type { StateBlob } from "./state-blob.ts";

const LOOK_AGAIN_MS = 5_000;

/**
 * Writes down beside the state who works on it, before terraform starts: terraform's own lock cannot say which run holds
 * it. The note of another run stays as long as that run may work, and is waited for as a lock is.
 *
 * @throws UserError `state-locked`, and what storage refuses
 */
export function noteRun(session: Session): Promise<void> {
  return session.teller.phase("wait", () => takeTurn(session));
}

async function takeTurn(session: Session): Promise<void> {
  const { state, world, request, teller, job } = session;
  // Outside of GitHub there is no run that could be asked about later.
  if (state === undefined || job.runId === undefined) return;
  const note = makeNote(session);
  const until = world.monotonic() + request.lockTimeout;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (;;) {
    const written = await state.container.write(state.note, Buffer.from(renderRunNote(note)), { onlyNew: true });
    if (written === "written") break;
    const holder = await readHolder(state);
    if (holder === "gone" || (await mayReplace(session, state, holder.note))) {
      if (holder !== "gone") await state.container.delete(state.note, { etag: holder.etag });
      continue;
    }
    const who = describeHolder(holder.note, world.now());
    if (world.monotonic() >= until || world.cancelled.aborted) {
      const { lock, sentence } = await lookAtLock(session);
      teller.tell({ lock });
      const why = sentence === undefined ? "" : `\nIts lock: ${sentence}.`;
      throw failure("state-locked", `The state is held by ${who}.${why}\n${adviceOn(state, session)}`);
    }
    progress.say(`waiting for ${who} (${renderDuration(request.lockTimeout)} at most)`);
    await world.sleep(LOOK_AGAIN_MS);
  }
  teller.mark({ noted: true });
}

/** Takes the note away again, if it is ours. */
export async function removeNote(state: StateBlob, own: Claim): Promise<void> {
  const holder = await readHolder(state);
  if (holder === "gone" || holder.note === undefined) return;
  if (isSame(holder.note, own)) await state.container.delete(state.note, { etag: holder.etag });
}

/** Takes away the note of who held a lock that somebody has released on his word: nobody else could, without a token. */
export async function removeNoteOf(state: StateBlob, lock: LockInfo): Promise<void> {
  const holder = await readHolder(state);
  if (holder === "gone" || holder.note === undefined || !lock.who.endsWith(`@${holder.note.host}`)) return;
  await state.container.delete(state.note, { etag: holder.etag });
}

interface Holder {
  readonly etag: string;
  /** Undefined when nobody can read it. */
  readonly note: RunNote | undefined;
}

async function readHolder({ container, note }: StateBlob): Promise<Holder | "gone"> {
  const facts = await container.find(note);
  const bytes = facts === undefined ? undefined : await container.read(note);
  if (facts === undefined || bytes === undefined) return "gone";
  const read = readRunNote(bytes.toString("utf8"));
  return { etag: facts.etag, note: "problem" in read ? undefined : read.note };
}

/** Ours, of an earlier step of this job; or of a run that is over, once the lock that it may have left is gone. */
async function mayReplace(session: Session, state: StateBlob, note: RunNote | undefined): Promise<boolean> {
  if (note === undefined) return false;
  if (isSame(note, makeNote(session))) return true;
  const run = await findRun(session, note);
  if (run?.status !== "completed" || session.request.onLock === "wait") return false;
  const facts = await state.container.find(state.place.name);
  if (facts === undefined || facts.lease.state !== "leased") return true;
  return releaseDeadLock(session);
}

function adviceOn({ place, note }: StateBlob, { world, request }: Session): string {
  if (request.onLock === "wait") return "To do: wait for it, or let on-lock be release-dead.";
  const token =
    world.github === undefined
      ? "give github-token (permissions: actions: read), so that GitHub can be asked whether that run is over"
      : "wait for it, or give a longer lock-timeout";
  return `To do: ${token}.\nAlso: when nobody works on it: az storage blob delete --auth-mode login --account-name ${place.account} --container-name ${place.container} --name '${note}'`;
}
