import type { StateContainer } from "../../azure/state-container.ts";
import type { StatePlace } from "../../terraform/state-place.ts";
import type { RunRecord } from "./record.ts";
import type { World } from "./world.ts";

/** The state of the azurerm backend, and what Mayfly keeps beside it. */
export interface StateBlob {
  readonly container: StateContainer;
  readonly place: NonNullable<RunRecord["blob"]>;
  /** Who works on the state. */
  readonly note: string;
  /** What the names of saved plans begin with. */
  readonly plans: string;
}

/** Undefined for every backend but azurerm, and where the job has no identity. */
export function openState(place: StatePlace, world: Pick<World, "azure">): StateBlob | undefined {
  if (place.azure === undefined || world.azure === undefined) return undefined;
  const { account, container, blob } = place.azure;
  return openBlob({ account, container, name: blob }, world.azure);
}

/** The same from a record that main left for post. */
export function openBlob(place: StateBlob["place"], azure: NonNullable<World["azure"]>): StateBlob {
  return {
    container: azure.stateContainer(place.account, place.container),
    place,
    note: `${place.name}.run`,
    plans: `${place.name}.plan/`,
  };
}
