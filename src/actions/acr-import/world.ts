import type { Imports as ArmImports, ImportOrder as ArmOrder, ImportAnswer, ImportEnd } from "../../azure/imports.ts";
import type { Log } from "../../kit/runner.ts";
import type { AcrMetadata, Registry } from "../../registry/registry.ts";

/** A registry as ARM describes it, as far as an import cares. */
export interface RegistryFacts {
  readonly id: string;
  readonly name: string;
  readonly loginServer: string;
  /** False when only private endpoints lead to it. */
  readonly publicAccess: boolean;
}

/** How a source is reached, by us and by ARM. */
export type SourceAccess =
  /** A registry of our tenant that ARM knows: our own identity counts, on both ways. */
  | { readonly kind: "acr"; readonly host: string; readonly facts: RegistryFacts }
  | {
      readonly kind: "credentials";
      readonly host: string;
      readonly username: string | undefined;
      readonly token: string;
    }
  | { readonly kind: "anonymous"; readonly host: string };

export type { ImportAnswer, ImportEnd };

/** What ARM is asked for, with the source as we reach it. */
export interface ImportOrder extends Omit<ArmOrder, "source"> {
  readonly source: SourceAccess;
}

/** Server-side imports of a cloud. */
export interface Imports extends Pick<ArmImports, "find"> {
  /** Asks for one import, once. */
  start(registryId: string, order: ImportOrder): Promise<ImportAnswer>;
}

/** What is asked of a source. */
export type Source = Pick<Registry, "findManifest" | "readManifest" | "listReferrers">;

/** What is asked of a registry that gets images. */
export interface Target {
  readonly facts: RegistryFacts;
  readonly registry: Pick<Registry, "findManifest">;
  readonly metadata: Pick<AcrMetadata, "findLocks" | "listTags" | "listManifests">;
}

/** What points at an image, and where it should be known. */
export interface ReferrerCopy {
  readonly access: SourceAccess;
  readonly from: string;
  /** The image's, which the target has. */
  readonly digest: string;
  readonly target: RegistryFacts;
  readonly to: string;
}

/** What an import needs of the world. */
export interface World {
  /** By name, login server or resource id; undefined when ARM shows no such registry. */
  findRegistry(nameOrId: string): Promise<RegistryFacts | undefined>;
  /** The same. @throws UserError `registry-not-found` */
  requireRegistry(nameOrId: string): Promise<RegistryFacts>;
  /** Whether a host can be a registry of this cloud: then ARM may know it. */
  isAzureHost(host: string): boolean;
  openSource(access: SourceAccess): Source;
  openTarget(facts: RegistryFacts): Target;
  readonly imports: Imports;
  /** Copies signatures, attestations and the like by way of this machine. */
  copyReferrers(copy: ReferrerCopy): Promise<void>;
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
