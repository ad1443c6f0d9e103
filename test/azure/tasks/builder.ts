/** What stands in for the docker of an agent. Made anew for each run, and disposed of with it. */
export interface Builder extends AsyncDisposable {
  /** `docker login`. @throws TaskFailure where it is refused */
  login(login: RegistryLogin): Promise<void>;
  /** `docker build`. @throws TaskFailure */
  build(call: BuildCall): Promise<void>;
  /** `docker push` of an image that was built before. @throws TaskFailure */
  push(image: string, signal: AbortSignal): Promise<PushedImage>;
  /** `docker run`: a `cmd:` step. @throws TaskFailure */
  run(call: RunCall): Promise<void>;
}

export type BuilderFactory = (job: Job) => Builder | Promise<Builder>;

/** One run, as its builder sees it. */
export interface Job {
  readonly runId: string;
  /** `mayfly.azurecr.io`. */
  readonly registry: string;
  /** Where the source was unpacked. */
  readonly workspace: string;
  /** What the agent is: `linux`, `amd64`. */
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly now: () => Date;
  /** Aborted when the run is cancelled or takes too long. */
  readonly signal: AbortSignal;
  /** Adds to the run's log, as it is. */
  readonly print: (text: string) => void;
}

export interface RegistryLogin {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

export interface BuildCall {
  readonly stepId: string;
  /** What stands behind `docker build`, as words. */
  readonly words: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** Where docker runs. */
  readonly folder: string;
  readonly buildKit: boolean;
  readonly signal: AbortSignal;
}

export interface RunCall {
  readonly stepId: string;
  /** The image and its arguments. */
  readonly words: readonly string[];
  readonly env: readonly string[];
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface PushedImage {
  readonly digest: string;
  /** Bytes of the manifest, as docker prints them. */
  readonly size: number;
}
