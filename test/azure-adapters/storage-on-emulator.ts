import { connectStateContainer, type StateContainerOptions } from "../../src/azure/connect-state-container.ts";
import type { AddAccountOptions } from "../azure/blobs/accounts.ts";
import { stage as stageRegistry } from "./registry-on-emulator.ts";

export const ACCOUNT = "mayflystate";
export const CONTAINER = "tfstate";
export const KEY = "mayfly/599293758/pr-12.tfstate";
/** Of the state, for the emulator. */
export const STATE = { account: ACCOUNT, container: CONTAINER, name: KEY };

export interface StorageStage extends Partial<AddAccountOptions> {
  /** Of the team's identity on the container. */
  readonly roles?: readonly string[];
}

/** A team with a storage account in the emulator, and our adapter through the real SDK pipeline. */
export function stageStorage({ roles = ["Storage Blob Data Contributor"], ...account }: StorageStage = {}) {
  const stage = stageRegistry();
  const { azure, team, world, time, cloud, credential } = stage;
  const storage = azure.blobs.addAccount({
    name: ACCOUNT,
    subscriptionId: team.subscriptionId,
    containers: [CONTAINER],
    ...account,
  });
  for (const role of roles) team.assign(role, storage.containerId(CONTAINER));
  const connect = (options: Partial<StateContainerOptions> = {}) =>
    connectStateContainer({ ...world, cloud, credential, time, account: ACCOUNT, container: CONTAINER, ...options });
  return { ...stage, storage, connect, container: connect() };
}
