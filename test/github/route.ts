import type { WireRequest, WireResponse } from "../azure/wire.ts";
import type { Repository } from "./repository.ts";
import type { Grant } from "./tokens.ts";

/** A request about a repository, by somebody who reaches it. */
export interface Asking {
  readonly request: WireRequest;
  readonly url: URL;
  readonly repository: Repository;
  readonly grant: Grant;
}

/** One route of REST below a repository. */
export interface Route {
  readonly method: string;
  /** Below `/repos/{owner}/{name}`; its groups are handed to `answer`, decoded. */
  readonly path: RegExp;
  /** `x-accepted-github-permissions`: any of these sets will do. */
  readonly accepts: string;
  /** The page below docs.github.com/rest. */
  readonly docs: string;
  /** Counts for the secondary limit. */
  readonly makesContent?: boolean;
  readonly answer: (asking: Asking, ...groups: string[]) => WireResponse;
}
