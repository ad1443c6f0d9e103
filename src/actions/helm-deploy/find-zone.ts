import type { Session } from "./session.ts";

const REGION = "topology.kubernetes.io/region";

/** What Azure's names of public addresses end with, behind their region. https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure */
const SUFFIXES: Readonly<Record<string, string>> = {
  public: "cloudapp.azure.com",
  usgov: "cloudapp.usgovcloudapi.net",
  china: "cloudapp.chinacloudapi.cn",
};

/**
 * The zone that the cluster's public addresses have names in: `westeurope.cloudapp.azure.com`. A node says where it is,
 * else Azure does. Undefined where neither may be asked: then the address itself stands for its name, which is told.
 */
export async function findZone({ world, request }: Session): Promise<string | undefined> {
  const suffix = SUFFIXES[request.cloud ?? "public"];
  const region = (await askNodes(world)) ?? (await world.azure?.readCluster())?.location;
  if (suffix !== undefined && region !== undefined && /^[a-z0-9]+$/.test(region)) return `${region}.${suffix}`;
  world.log.info(
    `Nobody tells the cluster's region (${REGION} of a node): its address stands for its name in Azure's DNS.`,
  );
  return undefined;
}

async function askNodes(world: Session["world"]): Promise<string | undefined> {
  try {
    const nodes = await world.cluster.list({ apiVersion: "v1", kind: "Node" }, {});
    return nodes.map(({ metadata }) => metadata.labels?.[REGION]).find((region) => region !== undefined);
  } catch (error) {
    // Who may work in one namespace may not see nodes.
    if (world.readRefusal(error)?.status === 403) return undefined;
    throw error;
  }
}
