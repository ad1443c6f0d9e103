import type { Log } from "../../kit/runner.ts";
import type { AcrMetadata, Registry } from "../../registry/registry.ts";

/** The registry to purge. */
export interface RegistryFacts {
  /** As ARM calls it; undefined where the login server was given, and nobody asked ARM. */
  readonly id: string | undefined;
  readonly name: string;
  readonly loginServer: string;
}

/** What is asked of the registry. Methods throw a `UserError` when they cannot see, or got no answer. */
export interface PurgeRegistry {
  readonly metadata: AcrMetadata;
  readonly registry: Pick<Registry, "listReferrers">;
}

/** What a purge needs of the world. */
export interface World {
  /** By name, login server or resource id. @throws UserError `registry-not-found` */
  requireRegistry(nameOrId: string): Promise<RegistryFacts>;
  openRegistry(facts: RegistryFacts): PurgeRegistry;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled. */
  sleep(milliseconds: number): Promise<void>;
  readonly cancelled: AbortSignal;
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  summarize(markdown: string): Promise<void>;
  /** Writes the JSON report and returns its path. */
  writeReport(json: string): Promise<string>;
}
