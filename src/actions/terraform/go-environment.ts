type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Go collects garbage whenever a heap has grown by this many percent. terraform and its providers live for seconds and
 * hold a tenth of what a runner has: at Go's own 100 they spend a fifth of their time on collecting. Beyond 400 they
 * gain nothing more, and still grow.
 */
const GROWTH_PERCENT = "400";

/** Of what the machine may use: terraform is one process, and each provider another. */
const SHARE = 0.5;

/**
 * Variables by which terraform, and each provider that it starts, collects garbage less often, and as often as it must
 * once its memory comes near half of the machine's. A job that sets GOGC itself is left alone.
 *
 * @param memoryBytes what the machine, or the container, may use
 * @see https://go.dev/doc/gc-guide
 */
export function tuneGo(environment: Environment, memoryBytes: number): Readonly<Record<string, string>> {
  if (environment["GOGC"]) return {};
  const limit = environment["GOMEMLIMIT"] || `${Math.floor(memoryBytes * SHARE)}`;
  return { GOGC: GROWTH_PERCENT, GOMEMLIMIT: limit };
}
