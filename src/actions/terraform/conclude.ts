import { join } from "node:path";
import { readLockMetadata } from "../../terraform/read-lock-info.ts";
import { removeNote } from "./note.ts";
import type { StateBlob } from "./state-blob.ts";
import type { Storyteller } from "./storyteller.ts";
import type { Files, JobFacts, TerraformTool, World } from "./world.ts";

/** terraform writes the time of its lock with the machine's own clock, which may be set meanwhile. */
const CLOCK_MS = 5_000;

/** What is looked after once terraform has ended, by main or, where that was killed, by post. */
export interface Ending {
  readonly world: Pick<World, "log" | "redact"> & { readonly files: Pick<Files, "read"> };
  readonly job: JobFacts;
  readonly teller: Storyteller;
  /** Undefined when terraform was never found. */
  readonly tool: TerraformTool | undefined;
  readonly state: StateBlob | undefined;
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
    if (state !== undefined && free && teller.record().noted) {
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

/** terraform leaves the state on the disk when it cannot store it; the disk goes with the job. */
async function rescueState({ world, teller, tool, state }: Ending): Promise<boolean> {
  const path = join(teller.record().folder, "errored.tfstate");
  if ((await world.files.read(path)) === undefined) return true;
  // A leased blob takes writes from the lease's holder alone, and that one is gone.
  if (state !== undefined && tool !== undefined) await releaseLease(state, tool);
  const pushed = await tool?.run({ name: "state-push", parameters: ["state", "push", path] });
  if (pushed?.exitCode === 0) {
    teller.note("terraform could not store the state; it was stored afterwards, from errored.tfstate.");
    return true;
  }
  const said = world.redact(`${pushed?.stdout ?? ""}\n${pushed?.stderr ?? ""}`.trim());
  world.log.error(
    `The state could not be stored. It lies in ${path}, which goes with this job: what it holds has to be imported or deleted by hand.\n${said}`,
    { title: "State not stored" },
  );
  return false;
}

/** A lock that was taken by this machine while this step ran is ours; nobody is left who would release it. */
async function releaseOwnLock({ job, teller, tool, world }: Ending, state: StateBlob): Promise<boolean> {
  const facts = await state.container.find(state.place.name);
  if (facts?.lease.state !== "leased") return true;
  const lock = readLockMetadata(facts.metadata["terraformlockid"] ?? "");
  const { noted, startedAt } = teller.record();
  const since = (lock?.created?.getTime() ?? 0) >= startedAt - CLOCK_MS;
  if (lock !== undefined && !(since && lock.who.endsWith(`@${job.host}`))) {
    // Somebody else's: who came after us, or was there before us and has been told of.
    return true;
  }
  if (lock !== undefined && tool !== undefined && (await releaseLease(state, tool))) {
    teller.note("terraform had left its lock behind; it was released.");
    return true;
  }
  // Between its two requests for a lock, terraform has not said yet whose it is.
  if (lock === undefined && !noted) return true;
  teller.tell({ lock });
  const todo = lock === undefined ? "break-lease: true" : `lock-id: ${lock.id}`;
  const text = `The state is still locked (${lock?.id ?? "by whom, nobody has written down"}).\nTo do: when nobody works on it, run command: unlock with ${todo}.`;
  world.log.warning(text, { title: "State locked" });
  return false;
}

async function releaseLease(state: StateBlob, tool: TerraformTool): Promise<boolean> {
  const facts = await state.container.find(state.place.name);
  if (facts?.lease.state !== "leased") return true;
  const lock = readLockMetadata(facts.metadata["terraformlockid"] ?? "");
  if (lock === undefined) return false;
  await tool.run({ name: "unlock", parameters: ["force-unlock", "-force", "-no-color", lock.id] });
  return (await state.container.find(state.place.name))?.lease.state !== "leased";
}
