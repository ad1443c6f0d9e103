/** Behaviour of AKS that tests may change at any time. */
export interface AksSettings {
  /** Kubernetes versions of the region, the default first. */
  versions: readonly string[];
  /** Where the runner's packets come from, as clusters with authorised ranges see it. */
  runnerAddress: string;
  /** After how long of silence the proxy gives a connection up that nobody answers: 504. */
  silentMilliseconds: number;
  /** How long starting and stopping a cluster take. */
  powerSeconds: number;
  /** How long a command takes at least until ARM says that it is over. */
  commandSeconds: number;
  /** `Retry-After` of the polls of a command; none where left out, as recorded answers had none. */
  commandRetryAfterSeconds: number | undefined;
}

export function defaultAksSettings(): AksSettings {
  return {
    versions: ["1.35.4", "1.36.3", "1.36.1", "1.35.2", "1.34.9", "1.33.12"],
    runnerAddress: "203.0.113.7",
    silentMilliseconds: 500,
    powerSeconds: 30,
    commandSeconds: 0,
    commandRetryAfterSeconds: undefined,
  };
}
