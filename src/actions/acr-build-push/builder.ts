import type { BuildRequest, BuildStep, Built, PushTarget } from "../../image/build-request.ts";
import type { PushFaultKind } from "../../image/push-fault.ts";

/** One of the ways to build: nothing that uses it asks which one it is. */
export interface Builder {
  readonly kind: BuilderKind;
  /** What stands behind it, for the log: `buildx 0.36.1, builder ci (docker-container)`. */
  readonly description: string;
  /** Whether it delivers under a tag, since it cannot push by digest. */
  readonly needsCarrier: boolean;
  /** What it cannot do of a request, each as a sentence; empty when it can do it all. */
  listUnsupported(request: BuildRequest): readonly string[];
  /**
   * Builds, and delivers to `target` when there is one, without moving any tag of a reader's.
   *
   * @throws BuildFault
   */
  build(request: BuildRequest, target: PushTarget | undefined): Promise<Built>;
}

export type BuilderKind = "buildx" | "docker" | "acr-tasks";

/** A build or its delivery went wrong. */
export class BuildFault extends Error {
  override readonly name = "BuildFault";
  readonly kind: FaultKind;
  /** The line of the Dockerfile that failed. */
  readonly place: { readonly file: string; readonly line: number } | undefined;
  /** The image that could not be had for the build to begin with. */
  readonly base: string | undefined;
  /** Milliseconds that the far side asked us to wait. */
  readonly waitMs: number | undefined;
  /** As far as the build came. */
  readonly steps: readonly BuildStep[];

  constructor(kind: FaultKind, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.place = options.place;
    this.base = options.base;
    this.waitMs = options.waitMs;
    this.steps = options.steps ?? [];
  }
}

interface FaultOptions {
  readonly place?: { readonly file: string; readonly line: number } | undefined;
  readonly base?: string | undefined;
  readonly waitMs?: number | undefined;
  readonly steps?: readonly BuildStep[];
  readonly cause?: unknown;
}

/** Why a build or a push failed: what is worth another try, and what a person has to mend. */
export type FaultKind = PushFaultKind | "cancelled";
