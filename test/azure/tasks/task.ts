/** A task as acb runs it, whichever request it came from. */
export interface Task {
  readonly version: string;
  readonly steps: readonly Step[];
  /** Whether it is written as YAML and not made from a DockerBuildRequest: then it has a network, and aliases. */
  readonly fromYaml: boolean;
}

/** What every step has, and exactly one of `build`, `push`, `cmd`. */
export interface Step {
  readonly id: string;
  /** What stands behind `docker build`. */
  readonly build?: string;
  /** Images that are pushed, each with a tag. */
  readonly push?: readonly string[];
  readonly cmd?: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly timeoutSeconds: number;
  /** Ids of the steps it waits for; undefined means the one before it. */
  readonly when: readonly string[] | undefined;
  readonly workingDirectory: string;
  readonly retries: number;
  readonly ignoreErrors: boolean;
  /** BuildKit through buildx, with the cache in the registry. */
  readonly cached: boolean;
}

/** Whether a step asks for BuildKit; acb switches it off in any other `build:`. */
export function usesBuildKit({ env, cached }: Step): boolean {
  return cached || env.includes("DOCKER_BUILDKIT=1");
}

/** An image without tag or digest is meant as `latest` (`NormalizeImageTag` in scan/dependencies.go). */
export function withTag(image: string): string {
  return image.includes("@") || image.includes(":") ? image : `${image}:latest`;
}
