import type { StartOptions } from "./start-cluster.ts";
import { startCluster, type TestCluster } from "./test-cluster.ts";

/**
 * A cluster for a test, with DNS: the one that KUBECONFIG names, the one that runs, or a new one, which stays for the next test.
 * A missing tool fails the test, here as in CI: a test that is left out looks like one that passed.
 *
 * @throws Error that names every missing tool and the command that gets them, or says why it does not come up
 */
export function needCluster(options: StartOptions = {}): Promise<TestCluster> {
  return startCluster({ addons: ["dns"], ...options });
}
