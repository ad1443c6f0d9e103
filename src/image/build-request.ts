import type { Repository } from "./repository.ts";

/** What is built, in the terms that every builder shares. Secrets are named, never held: values stay in the environment or in a file. */
export interface BuildRequest {
  /** A folder of this machine, absolute. */
  readonly context: string;
  /** The Dockerfile, absolute; it may stand outside the context. */
  readonly file: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** `default`, `id`, or `id=path[,path]`. */
  readonly ssh: readonly string[];
  /** `linux/amd64`; empty means the builder's own. */
  readonly platforms: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** As buildx takes it: `mode=max`, `false`; undefined leaves it to the builder. */
  readonly provenance: string | undefined;
  readonly sbom: boolean;
  readonly pull: boolean;
  readonly noCache: boolean;
  /** Exports besides the push, as buildx takes them: `type=local,dest=out`. */
  readonly outputs: readonly string[];
  /** Seconds since 1970 for reproducible layers and configs, usually the commit's time. */
  readonly sourceDateEpoch: number | undefined;
}

/** A secret of a build: `RUN --mount=type=secret,id=…`. */
export interface BuildSecret {
  readonly id: string;
  /** The environment variable or the file that holds it. */
  readonly from: { readonly kind: "env"; readonly name: string } | { readonly kind: "file"; readonly path: string };
}

/** Where a finished build goes. The first repository is the one that is looked at; all get the same digest. */
export interface PushTarget {
  readonly repositories: readonly [Repository, ...Repository[]];
  /**
   * The tag under which a builder that cannot push by digest delivers to the first repository; it names the content
   * (`ctx-<hash>`), so that no reader's tag moves before all is there. Undefined for a builder that pushes by digest.
   */
  readonly carrierTag: string | undefined;
}

/** What a build left behind. */
export interface Built {
  /** Digest of the manifest or index in the first repository; undefined when nothing was pushed. */
  readonly digest: string | undefined;
  /** The steps with their times, for the timeline; empty where the builder does not tell. */
  readonly steps: readonly BuildStep[];
  readonly warnings: readonly BuildWarning[];
  /** The builder's own metadata as JSON, or undefined. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  /** The run on ACR Tasks. */
  readonly runId?: string;
}

export interface BuildStep {
  readonly name: string;
  /** Milliseconds since the build began. */
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly outcome: "done" | "cached" | "failed";
}

/** A remark of the builder about the Dockerfile. */
export interface BuildWarning {
  readonly message: string;
  /** Relative to the repository's root. */
  readonly file?: string;
  readonly line?: number;
  readonly url?: string;
}
