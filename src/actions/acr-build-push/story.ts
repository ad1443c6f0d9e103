import type { BuildStep, BuildWarning } from "../../image/build-request.ts";
import type { Repository } from "../../image/repository.ts";
import type { TagMove } from "./tag-move.ts";

/** What happened in a run, as far as it came: summary and outputs are made from it, also after a failure. */
export interface Story {
  /** The image's name in `images`. */
  readonly name: string;
  readonly repositories: readonly Repository[];
  tags: readonly string[];
  /** Templates that this event has no value for, and other things left out, each with the reason. */
  leftOut: readonly string[];
  readonly dryRun: boolean;
  /** Milliseconds of the clock that never jumps. */
  readonly startedAt: number;
  outcome?: "built" | "reused" | "copied" | "checked";
  digest?: string;
  images: readonly PlatformImage[];
  builder?: { readonly kind: string; readonly description: string };
  runId?: string;
  /** The tag that names the content, when it was asked for. */
  contentTag?: string;
  moves: readonly TagMove[];
  steps: readonly BuildStep[];
  warnings: readonly BuildWarning[];
  phases: readonly Phase[];
  /** Remarks that a reader should know. */
  notes: readonly string[];
  /** What the builder left as metadata. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** One of the images that a digest is made of. */
export interface PlatformImage {
  /** `linux/arm64/v8`. */
  readonly platform: string;
  readonly digest: string;
  /** Bytes of its layers as they are stored; undefined when it was not asked for. */
  readonly size: number | undefined;
}

/** A part of the run, in milliseconds since its beginning. */
export interface Phase {
  readonly name: string;
  readonly startedMs: number;
  readonly finishedMs: number;
}
