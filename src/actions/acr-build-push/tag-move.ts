import type { Repository } from "../../image/repository.ts";

/** What became of one tag in one repository. */
export interface TagMove {
  readonly repository: Repository;
  readonly tag: string;
  /** The digest that it stood on before; undefined for a new tag. */
  readonly before: string | undefined;
  readonly outcome: "moved" | "already" | "failed" | "rolled-back" | "left";
  readonly because?: string;
  /** What was thrown, for whoever can explain it. */
  readonly fault?: unknown;
}
