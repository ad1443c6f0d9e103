import type { Json, WireResponse } from "../wire.ts";
import type { ArmFailure } from "./failure.ts";
import type { Busy } from "./operations.ts";
import type { ResourceId } from "./resource-id.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmCall, ArmWorld } from "./world.ts";

/**
 * What a resource type does beyond being kept. Everything is optional: `{ type }` alone is a pure echo,
 * which is enough for most of what terraform creates.
 */
export interface TypeBehaviour {
  /** `Microsoft.ContainerRegistry/registries`. */
  readonly type: string;
  /** How long PUT and DELETE take; with 0 they are done in their answer. Default: the setting `writeSeconds`. */
  readonly seconds?: number;
  /** How long a DELETE takes where that differs. */
  readonly deleteSeconds?: number;
  /** Status of a PUT that creates; 201 where left out. Some clients refuse one or the other. */
  readonly createStatus?: 200 | 201 | 202;
  /** Status of a PUT that changes; 200 where left out. */
  readonly updateStatus?: 200 | 201;
  /** Status of a PUT that goes on after its answer; the one above where left out. */
  readonly acceptStatus?: 202;
  /** Status of a DELETE that is done at once; 200 where left out. */
  readonly deleteStatus?: 200 | 204;
  /** The body to keep: fills what Azure fills, refuses what Azure refuses. @throws ArmFailure */
  readonly prepare?: (write: PreparedWrite) => Json;
  /** Called when a PUT is done: what Azure makes besides. */
  readonly stored?: (document: ResourceDocument, world: ArmWorld) => void;
  /** The body as it is shown, where it repeats what other documents hold. */
  readonly shown?: (document: ResourceDocument, world: ArmWorld) => Json;
  /** The id that the resource is known by where it can be asked for at others. */
  readonly canonical?: (id: ResourceId) => string;
  /** Refuses a DELETE. @throws ArmFailure */
  readonly removable?: (document: ResourceDocument, world: ArmWorld) => void;
  /** Refuses a PUT or DELETE while another one goes on; without it the last one wins. */
  readonly busy?: (document: ResourceDocument, other: Busy) => ArmFailure;
  /** Called for each removed document, also for those that go with their group. */
  readonly removed?: (document: ResourceDocument, world: ArmWorld) => void;
  /** POST `<id>/<name>`, by name in lower case. */
  readonly actions?: Readonly<
    Record<string, (document: ResourceDocument, call: ArmCall) => WireResponse | Promise<WireResponse>>
  >;
  /** Fails the long-running operation of a PUT with this error. */
  readonly failure?: (document: ResourceDocument) => Json | undefined;
}

export interface PreparedWrite {
  readonly id: ResourceId;
  readonly body: Json;
  readonly previous: Json | undefined;
  readonly world: ArmWorld;
}
