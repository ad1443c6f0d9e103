import { mkdir, writeFile } from "node:fs/promises";
import { onlyOne } from "../../scripts/tools/only-one.ts";
import { putAddon } from "./addons/addon.ts";
import { describeAddon } from "./addons/describe-addon.ts";
import { chooseSlot, listNetworks } from "./addresses.ts";
import { connectApi } from "./ask-api.ts";
import { FIRST_TENANT } from "./door/authentication-config.ts";
import { clusterHome, type Layout, layoutOf, readLayout } from "./layout.ts";
import { needPrograms } from "./need-programs.ts";
import { identityOf } from "./node/processes.ts";
import { endNode, removeNode } from "./node/remove-node.ts";
import { ADDONS, type Addon, type ClusterRecord, readRecord, writeRecord } from "./record.ts";
import { startNode } from "./start-node.ts";
import { startStopwatch } from "./stopwatch.ts";

export interface StartOptions {
  /** The folder of the cluster; that of the one that tests share where left out. */
  readonly home?: string;
  /** Put in once, and waited for; those that are there stay. */
  readonly addons?: readonly Addon[];
  /** The issuer of service accounts' tokens, with its slash; one as AKS has in the first tenant where left out. */
  readonly issuer?: string;
  /** Told what is done and how long it took. */
  readonly info?: (line: string) => void;
}

/** A cluster that runs, and whether it was started for this. */
export interface Running {
  readonly layout: Layout;
  readonly record: ClusterRecord;
  readonly fresh: boolean;
}

const ISSUER = `https://westeurope.oic.prod-aks.azure.com/${FIRST_TENANT}/aa5ca1e0-0000-4000-8000-000000000001/`;

/**
 * The cluster of this home: the one that runs, or a new one in place of what a killed one left.
 *
 * @throws Error when a tool is missing, when it does not come up, when it runs with another issuer, or when there is
 *   no free network
 */
export async function ensureNode(options: StartOptions = {}): Promise<Running> {
  const { info = () => undefined, home = clusterHome() } = options;
  return alone(info, async () => {
    const known = readLayout(home);
    const running = await findRunning(known);
    if (running !== undefined) {
      if (options.issuer !== undefined && options.issuer !== running.issuer) {
        throw new Error(
          `The cluster in ${home} runs with the issuer ${running.issuer}. End it first: npm run cluster -- down`,
        );
      }
      return { layout: known, record: await ensureAddons(known, running, options), fresh: false };
    }
    const programs = needPrograms();
    if (await removeNode(known)) info("removed what a cluster that was killed had left");
    const watch = startStopwatch();
    const { issuer = ISSUER } = options;
    const layout = layoutOf(home, chooseSlot(listNetworks(programs.ip)));
    await mkdir(home, { recursive: true });
    await writeFile(layout.slot, `${layout.addresses.slot}`);
    await mkdir(layout.logs);
    const first = await startNode(layout, programs, issuer, watch).catch(async (error: unknown) => {
      // Its logs stay for whoever reads this error.
      await endNode(layout);
      throw error;
    });
    info(watch.render());
    const record: ClusterRecord = { startedAt: new Date().toISOString(), issuer, addons: [], first };
    await writeRecord(layout, record);
    return { layout, record: await ensureAddons(layout, record, options), fresh: true };
  });
}

/** Puts in the add-ons that are asked for and not there. */
async function ensureAddons(
  layout: Layout,
  record: ClusterRecord,
  { addons = [], info }: StartOptions,
): Promise<ClusterRecord> {
  const missing = ADDONS.filter((name) => addons.includes(name) && !record.addons.includes(name));
  if (missing.length === 0) return record;
  const watch = startStopwatch();
  const specs = missing.map((name) => ({ name, spec: describeAddon(name, layout.addresses) }));
  const api = connectApi(layout);
  try {
    await Promise.all(
      specs.map(async ({ name, spec }) => {
        await putAddon(api, spec);
        watch.lap(name);
      }),
    );
  } finally {
    api.close();
  }
  info?.(watch.render());
  const grown = { ...record, addons: [...record.addons, ...missing] };
  await writeRecord(layout, grown);
  return grown;
}

/** Ends the cluster of this home. @returns whether there was anything of it */
export async function stopNode(options: Pick<StartOptions, "home" | "info"> = {}): Promise<boolean> {
  const { home = clusterHome(), info = () => undefined } = options;
  return alone(info, () => removeNode(readLayout(home)));
}

/** The record of a cluster whose node lives and whose API server answers. */
export async function findRunning(layout: Layout): Promise<ClusterRecord | undefined> {
  const record = readRecord(layout);
  if (record === undefined || identityOf(Number(record.first.split("@")[0])) !== record.first) return undefined;
  const api = connectApi(layout);
  try {
    return (await api("/readyz")).status === 200 ? record : undefined;
  } catch {
    return undefined;
  } finally {
    api.close();
  }
}

/** One at a time for all homes of a machine, since they share its addresses. */
function alone<T>(info: (line: string) => void, work: () => Promise<T>): Promise<T> {
  return onlyOne("cluster", () => info("waiting for another process that starts or ends it"), work);
}
