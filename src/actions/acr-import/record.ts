import type { UserError } from "../../kit/user-error.ts";
import type { Outcome } from "./outcome.ts";
import type { ImageLine } from "./parse-images.ts";

/** How one image fared in one registry. */
export interface ImageRecord {
  readonly image: ImageLine;
  /** The registry's login server, or what it was called where it could not be found. */
  readonly registry: string;
  readonly outcome: Outcome;
  /** Signatures and the like beside the image. */
  readonly companions: { readonly found: number; readonly copied: number; readonly note: string | undefined };
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** How the run went as a whole. */
export interface Ending {
  readonly dryRun: boolean;
  readonly failure: UserError | undefined;
}
