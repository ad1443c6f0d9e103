import type { WorkflowRun } from "../../../src/github/repository-api.ts";
import { type RunNote, renderRunNote } from "../../../src/terraform/run-note.ts";
import { NOTE, type Scene, STATE } from "./fake-world.ts";

export const LOCK = "10c4ed00-0000-4000-9000-00000000dead";

export interface LeftBehind {
  readonly note?: Partial<RunNote> | "none";
  /** What GitHub says of the run; nothing is known of it without. */
  readonly run?: Partial<WorkflowRun> | "unknown";
  /** `user@host` of the lock; none is held with `none`. */
  readonly who?: string;
  /** Seconds before now. */
  readonly startedAgo?: number;
  readonly lockedAgo?: number;
  readonly endedAgo?: number;
}

/** A state whose last run, 77 of the same repository, left its note and its lock, as a machine does that goes away. */
export async function leaveBehind(scene: Scene, given: LeftBehind = {}): Promise<void> {
  const ago = (seconds: number): Date => new Date(scene.clock.now() - seconds * 1_000);
  const { startedAgo = 600, lockedAgo = 590, endedAgo = 300, who = "runner@fv-az77" } = given;
  const note: RunNote = {
    repository: "octo/shop",
    repositoryId: "4711",
    runId: 77,
    attempt: 1,
    job: "deploy",
    runnerEnvironment: "github-hosted",
    host: "fv-az77",
    runner: "GitHub Actions 77",
    command: "apply",
    startedAt: ago(startedAgo),
    ...(given.note === "none" ? {} : given.note),
  };
  if (given.note !== "none") await scene.store.write(NOTE, Buffer.from(renderRunNote(note)));
  if (given.run !== "unknown") {
    const run: WorkflowRun = {
      status: "completed",
      conclusion: "cancelled",
      attempt: note.attempt,
      url: "https://github.com/octo/shop/actions/runs/77",
      startedAt: ago(startedAgo),
      endedAt: ago(endedAgo),
      ...given.run,
    };
    scene.github.runs.set(`${note.repository}/${note.runId}/${note.attempt}`, run);
  }
  if (who !== "none") await lockState(scene, who, ago(lockedAgo));
  scene.store.requests.length = 0;
}

/** Takes the state's lock as terraform does. */
export async function lockState({ store }: Scene, who: string, created: Date, id = LOCK): Promise<void> {
  if (!store.blobs.has(STATE)) await store.wire.put(STATE, Buffer.alloc(0));
  await store.wire.acquire(STATE, id);
  const Created = created.toISOString().replace("Z", "000001Z");
  const info = { ID: id, Operation: "OperationTypeApply", Info: "", Who: who, Version: "1.11.4", Created, Path: STATE };
  const text = Buffer.from(JSON.stringify(info)).toString("base64");
  await store.wire.setMetadata(STATE, { terraformlockid: text }, id);
}
