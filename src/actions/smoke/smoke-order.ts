import type { SpecFiles } from "./spec-files.ts";
import type { SmokeWorld } from "./world.ts";

/** What a smoke test is to look at, and how. */
export interface SmokeOrder {
  /** Files and globs. */
  readonly spec: readonly string[];
  readonly namespace: string;
  /** The release's name. */
  readonly release: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly terraform: Readonly<Record<string, unknown>> | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Milliseconds of the whole. */
  readonly timeoutMs: number;
  /** Milliseconds of a check that names no time of its own. */
  readonly checkTimeoutMs: number;
  readonly failFast: boolean;
  /** Where the release is reached; undefined where nobody knows. */
  readonly url?: string | undefined;
}

/** What smoke tests are taken with. It is loaded only where there is one. */
export interface SmokeTools {
  readonly world: SmokeWorld;
  readonly specs: SpecFiles;
  /** A word that no other smoke test has. */
  makeUnique(): string;
  /**
   * Lets go of all that is still being asked. A look that was given up, or evidence that was not waited for, would
   * otherwise hold the process for as long as a cluster that says nothing is asked again.
   */
  end(): void;
}
