import { existsSync } from "node:fs";
import { givenKubeconfig } from "./given-cluster.ts";
import { clusterHome, readLayout } from "./layout.ts";
import { findProcesses } from "./node/processes.ts";
import { findRunning } from "./start-cluster.ts";

/** What there is, for people. */
export async function renderStatus(): Promise<string> {
  const layout = readLayout(clusterHome());
  const given = givenKubeconfig(layout);
  if (given !== undefined) return `KUBECONFIG=${given} is given: it is used, and no cluster is started`;
  const running = await findRunning(layout);
  if (running !== undefined) {
    const addons = running.addons.length === 0 ? "no add-ons" : running.addons.join(", ");
    return `up since ${running.startedAt} at ${layout.server}, with ${addons}\nexport KUBECONFIG=${layout.kubeconfig}`;
  }
  if (findProcesses(layout.home).length > 0 || existsSync(layout.home)) {
    return `down, with something left in ${layout.home}: the next up clears it, and so does down`;
  }
  return "down";
}
