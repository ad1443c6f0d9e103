import { UserError } from "../../kit/user-error.ts";
import type { LockInfo } from "../../terraform/lock-info.ts";
import { failure } from "./failure.ts";
import { forceUnlock, lookAtLock, releaseDeadLock } from "./locks.ts";
import { removeNoteOf } from "./note.ts";
import type { Session } from "./session.ts";
import type { StateBlob } from "./state-blob.ts";

/**
 * Releases a lock: one that is proven stale, or the one whose id somebody gives. Breaking the lease is the last resort.
 *
 * @throws UserError `state-locked`, `bad-input`
 */
export async function unlock(session: Session): Promise<void> {
  const { request, state, teller } = session;
  if (state === undefined) {
    if (request.lockId === undefined) {
      const text =
        "lock-id: expected the lock's id, since only the azurerm backend, with a login before, can be looked at. terraform prints it as ID where the state is locked.";
      throw new UserError("bad-input", text);
    }
    if (!(await forceUnlock(session, request.lockId)))
      throw failure("state-locked", "terraform did not unlock the state.");
    teller.note(`terraform says that lock ${request.lockId} is released.`);
    return;
  }
  const { lock, stale, sentence } = await lookAtLock(session);
  teller.tell({ lock });
  if (lock === undefined && sentence === undefined) {
    teller.note("Nobody holds the state.");
    return;
  }
  if (request.lockId === undefined && !stale && !request.breakLease) {
    const todo = lock === undefined ? "break-lease: true" : `lock-id: ${lock.id}`;
    throw failure(
      "state-locked",
      `The lock was not released: ${sentence}.\nTo do: wait for it; where you know that nobody works on the state: ${todo}.`,
    );
  }
  if (request.lockId === undefined && stale && (await releaseDeadLock(session))) return;
  const id = request.lockId ?? lock?.id;
  if (id !== undefined && (await forceUnlock(session, id))) {
    if (lock?.id === id) await removeNoteOf(state, lock);
    teller.note(`Lock ${id} was released on your word.`);
    return;
  }
  if (!request.breakLease) {
    const text = `terraform could not release the lock ${id ?? ""}.\nTo do: as the last resort, when nobody works on the state: break-lease: true.`;
    throw failure("state-locked", text);
  }
  if (request.lockId !== undefined && lock !== undefined && lock.id !== request.lockId) {
    const text = `lock-id: the state is held by another lock by now, ${lock.id} (${lock.operation} by ${lock.who}). Nothing was broken.`;
    throw failure("state-locked", `${text}\nTo do: run this again with the id of the lock that is meant.`);
  }
  await breakLease(session, state, lock);
}

/** Breaks the lease that was seen, and no other that somebody has taken since. */
async function breakLease(session: Session, state: StateBlob, seen: LockInfo | undefined): Promise<void> {
  const { teller, world } = session;
  const { lock, etag } = await lookAtLock(session);
  const isOther = lock !== undefined && lock.id !== seen?.id;
  const outcome =
    isOther || etag === undefined ? "changed" : await state.container.breakLease(state.place.name, { etag });
  if (outcome === "changed") {
    const text =
      "Somebody else has worked on the state meanwhile: nothing was broken.\nTo do: run this again, it says who.";
    throw failure("state-locked", text);
  }
  const text = `The lease of ${state.place.name} was broken: whoever worked on this state can no longer store what it did.`;
  world.log.warning(text, { title: "Lease broken" });
  teller.note(text);
}
