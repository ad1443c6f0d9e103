import type { JobFacts } from "../job-facts.ts";
import type { RunRecord } from "./record.ts";
import type { Request } from "./request.ts";
import type { Teller } from "./teller.ts";
import type { Helm, World } from "./world.ts";

/** A cluster and a helm that are ready to be worked with. */
export interface Session {
  readonly request: Request;
  readonly world: World;
  readonly job: JobFacts;
  readonly teller: Teller;
  readonly helm: Helm;
  /** Such as `v1.36.3`. */
  readonly kubeVersion: string;
  /** Writes down where the run is, for post. */
  record(change: Partial<RunRecord>): void;
}
