import type { Runner } from "../../kit/runner.ts";
import type { RelayCounters } from "../../oidc/relay/counters.ts";
import { connectRelay } from "./connect-relay.ts";
import { leadToRelay } from "./relay-environment.ts";
import type { TokenRelay } from "./world.ts";

/** A relay in the job's folder, as far as the job may ask for ID tokens at all. Nothing depends on it but speed. */
export async function startRelay(runner: Runner, folder: string): Promise<TokenRelay | undefined> {
  const relay = await connectRelay(runner)
    .start({ folder })
    .catch((error: unknown) => {
      runner.log.warning(error instanceof Error ? error.message : String(error));
      return undefined;
    });
  if (relay === undefined) return undefined;
  return {
    environment: leadToRelay(runner.environment, relay),
    stop: async () => {
      const counters = await relay.stop();
      return counters === undefined ? "The token relay has ended." : renderCounters(counters);
    },
  };
}

function renderCounters({ asked, fetched, failed }: RelayCounters): string {
  const vain = failed === 0 ? "" : `, ${failed} in vain`;
  return `Token relay: terraform asked for ${asked} ${asked === 1 ? "ID token" : "ID tokens"}, GitHub was asked for ${fetched}${vain}.`;
}
