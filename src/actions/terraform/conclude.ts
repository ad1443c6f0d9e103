import { join } from "node:path";
import type { LockInfo } from "../../terraform/lock-info.ts";
import { readLockMetadata } from "../../terraform/read-lock-info.ts";
import type { JobFacts } from "../job-facts.ts";
import { digestErrored, ERRORED } from "./errored-state.ts";
import { removeNote } from "./note.ts";
import type { StateBlob } from "./state-blob.ts";
import type { Storyteller } from "./storyteller.ts";
import type { Files, TerraformTool, World } from "./world.ts";

/** terraform writes the time of its lock with the machine's own clock, which may be set meanwhile. */
const CLOCK_MS = 5_000;

/** What is looked after once terraform has ended, by main or, where that was killed, by post. */
export interface Ending {
  readonly world: Pick<World, "log" | "redact"> & { readonly files: Pick<Files, "read" | "remove"> };
  readonly job: JobFacts;
  readonly teller: Storyteller;
  /** Undefined when terraform was never found. */
  readonly tool: TerraformTool | undefined;
  readonly state: StateBlob | undefined;
  /** Whether terraform ended when nobody was there to see how. */
  readonly orphaned?: boolean;
}

/**
 * Leaves nothing behind: a state that terraform could not store is stored, a lock that it could not give back is
 * released, and the note beside the state goes. What cannot be mended is told with the command that mends it. True when
 * all is well.
 */
export async function conclude(ending: Ending): Promise<boolean> {
  const { teller, state } = ending;
  try {
    const rescued = await rescueState(ending);
    const free = state === undefined || (await releaseOwnLock(ending, state));
    // While the lock is there, the note is the only one who can tell whose it is.
    if (state !== undefined && free) {
      // Also when main was killed before it had written down that it has one.
      await removeNote(state, { ...ending.job, runId: ending.job.runId ?? 0 });
      teller.mark({ noted: false });
    }
    return rescued && free;
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    ending.world.log.warning(ending.world.redact(`The state could not be looked after: ${because}`));
    return false;
  }
}

/** What terraform says when it ends without having given back its lock, or stored its state. */
const LEFT_BEHIND = /Error releasing the state lock|Failed to (?:save|persist) state/;

/**
 * Whether terraform can have left anything behind. Where it ended in order, a lock that is held is somebody else's, from
 * the same machine or not: two runners may share one, and so may people.
 */
function mayHaveLeft({ teller, orphaned = false }: Ending): boolean {
  const { failure, diagnostics } = teller.story();
  if (orphaned || failure?.reason === "cancelled-dirty" || failure?.reason === "state-not-persisted") return true;
  return diagnostics.some(({ summary }) => LEFT_BEHIND.test(summary));
}

/** terraform leaves the state on the disk when it cannot store it; the disk goes with the job. */
async function rescueState(ending: Ending): Promise<boolean> {
  const { world, teller, tool, state } = ending;
  const { folder, leftState } = teller.record();
  const path = join(folder, ERRORED);
  const found = await digestErrored(folder, world.files);
  if (found === undefined) return true;
  if (found === leftState || !mayHaveLeft(ending)) {
    const text = `${path} was left by an earlier run; nothing was done with it.\nTo do: look whether the state knows what is in it (terraform state push), then remove it.`;
    world.log.warning(text, { title: "State of an earlier run" });
    return true;
  }
  // A leased blob takes writes from the lease's holder alone, and that one is gone.
  if (state !== undefined) await releaseOwn(ending, state);
  const pushed = await tool?.run({ name: "state-push", parameters: ["state", "push", path] });
  if (pushed?.exitCode === 0) {
    teller.note("terraform could not store the state; it was stored afterwards, from errored.tfstate.");
    // The next step in this folder may be of another environment.
    await world.files.remove(path);
    return true;
  }
  const said = world.redact(`${pushed?.stdout ?? ""}\n${pushed?.stderr ?? ""}`.trim());
  world.log.error(
    `The state could not be stored. It lies in ${path}, which goes with this job: what it holds has to be imported or deleted by hand.\n${said}`,
    { title: "State not stored" },
  );
  return false;
}

/** Releases the lock that terraform left; nobody else is there to do it. True when none of ours is held any more. */
async function releaseOwnLock(ending: Ending, state: StateBlob): Promise<boolean> {
  const { teller, world } = ending;
  if (!mayHaveLeft(ending)) return true;
  const outcome = await releaseOwn(ending, state);
  if (outcome === "free" || outcome === "not-ours") return true;
  if (outcome === "released") {
    teller.note("terraform had left its lock behind; it was released.");
    return true;
  }
  const { lock } = outcome;
  teller.tell({ lock });
  const todo = lock === undefined ? "break-lease: true" : `lock-id: ${lock.id}`;
  const text = `The state is still locked (${lock?.id ?? "by whom, nobody has written down"}).\nTo do: when nobody works on it, run command: unlock with ${todo}.`;
  world.log.warning(text, { title: "State locked" });
  return false;
}

type OwnLock = "free" | "released" | "not-ours" | { readonly lock: LockInfo | undefined };

/** Releases the state's lock where this machine has taken it while this step ran; else tells whose it is. */
async function releaseOwn({ job, teller, tool }: Ending, state: StateBlob): Promise<OwnLock> {
  const facts = await state.container.find(state.place.name);
  if (facts?.lease.state !== "leased") return "free";
  const lock = readLockMetadata(facts.metadata["terraformlockid"] ?? "");
  const { noted, startedAt } = teller.record();
  // Between its two requests for a lock, terraform has not said yet whose it is.
  if (lock === undefined) return noted ? { lock } : "not-ours";
  const since = (lock.created?.getTime() ?? 0) >= startedAt - CLOCK_MS;
  if (!since || !lock.who.endsWith(`@${job.host}`)) return "not-ours";
  if (tool === undefined) return { lock };
  await tool.run({ name: "unlock", parameters: ["force-unlock", "-force", "-no-color", lock.id] });
  const after = await state.container.find(state.place.name);
  return after?.lease.state === "leased" ? { lock } : "released";
}
