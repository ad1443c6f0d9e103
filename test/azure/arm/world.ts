import type { Clock } from "../clock.ts";
import type { Cloud } from "../clouds.ts";
import type { Directory } from "../entra/directory.ts";
import type { Json, WireResponse } from "../wire.ts";
import type { Caller } from "./authentication.ts";
import type { Authorization } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import type { Deletions } from "./deletions.ts";
import type { Busy, OperationPlan, ResourceOperation } from "./operations.ts";
import type { ArmSettings } from "./settings.ts";
import type { ResourceDocument, Store } from "./store.ts";
import type { Timeline } from "./timeline.ts";

/** What the parts of ARM share. */
export interface ArmWorld {
  readonly clock: Clock;
  readonly settings: ArmSettings;
  readonly store: Store;
  readonly timeline: Timeline;
  readonly authorization: Authorization;
  readonly directory: Directory;
  readonly deletions: Deletions;
  /** By type in lower case. */
  readonly behaviours: Map<string, TypeBehaviour>;
  /** Types that a test lets in without a behaviour. */
  readonly unknownTypes: RegExp[];
  /** What lists show although it is gone, and locks that still bite although they are removed. */
  readonly ghosts: {
    readonly document: ResourceDocument;
    readonly until: number;
    readonly in: "groups" | "resources" | "locks";
  }[];
  /** Operations of other resources than groups, by id. */
  readonly operations: Map<string, ResourceOperation>;
  /** What is being done to resources and groups, by their keys. */
  readonly busy: Map<string, Busy>;
  readonly plans: { readonly plan: OperationPlan; left: number }[];
}

/** One request to ARM, authenticated. */
export interface ArmCall {
  readonly method: string;
  readonly url: URL;
  /** Decoded, without a trailing slash. */
  readonly path: string;
  /** Names in lower case: `api-version`, `$filter`. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly caller: Caller;
  readonly cloud: Cloud;
  readonly world: ArmWorld;
}

/** Undefined where a path is not the route's own. */
export type ArmRoute = (call: ArmCall) => WireResponse | undefined | Promise<WireResponse | undefined>;
