import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Azure, createAzure } from "../../test/azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../../test/azure/proxy.ts";
import { addTeam, type Team } from "../../test/azure/team.ts";

/** The repository that the demo plays: a team's copy of this one. */
export const REPOSITORY = { name: "octo/mayfly", id: "599293758", ownerId: "1844662" } as const;

/** What all acts share: one emulated Azure, and the way to it. */
export interface Theatre extends AsyncDisposable {
  readonly repositoryRoot: string;
  readonly azure: Azure;
  readonly proxy: EmulatorProxy;
  readonly team: Team;
  /** Things that acts leave for the next ones; they go when the theatre closes. */
  readonly closing: AsyncDisposableStack;
}

/** Starts the emulator, with deletions that take seconds where Azure takes minutes. */
export async function openTheatre(): Promise<Theatre> {
  const azure = createAzure({ arm: { deletionSeconds: 2, initialRetryAfterSeconds: 1, retryAfterSeconds: 1 } });
  const job = { repository: REPOSITORY.name, repositoryId: REPOSITORY.id, ownerId: REPOSITORY.ownerId };
  // The cluster may be shared with tests, where what an act lets its team do must not let theirs.
  const team = addTeam(azure, { job, objectId: randomUUID() });
  const closing = new AsyncDisposableStack();
  closing.use(azure.blobs);
  const proxy = closing.use(await startProxy(azure, { latencyMilliseconds: 15 }));
  return {
    repositoryRoot: join(import.meta.dirname, "../.."),
    azure,
    proxy,
    team,
    closing,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
