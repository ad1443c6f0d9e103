import type { Layout } from "./layout.ts";
import { run } from "./run.ts";

/** The kubeconfig that the environment names, unless it is that of our own cluster. */
export function givenKubeconfig(
  { kubeconfig }: Pick<Layout, "kubeconfig">,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const { KUBECONFIG: named } = environment;
  return named === undefined || named === "" || named === kubeconfig ? undefined : named;
}

/** What tests need to know of a cluster, read through kubectl. */
export interface ClusterFacts {
  readonly server: string;
  readonly ca: string;
  readonly nodeArchitecture: string;
}

/**
 * Asks a cluster that is not ours.
 *
 * @throws Error when it does not answer, or has no node
 */
export async function readGivenCluster(kubectl: string): Promise<ClusterFacts> {
  const ask = async (...parameters: readonly string[]) =>
    JSON.parse(await run(kubectl, parameters, { env: process.env }));
  const [config, nodes] = (await Promise.all([
    ask("config", "view", "--raw", "--minify", "--flatten", "--output=json"),
    ask("get", "nodes", "--output=json"),
  ])) as [Config, Nodes];
  const { server = "", "certificate-authority-data": ca = "" } = config.clusters?.[0]?.cluster ?? {};
  const nodeArchitecture = nodes.items[0]?.status.nodeInfo.architecture;
  if (nodeArchitecture === undefined) throw new Error(`The cluster at ${server} has no node`);
  return { server, ca: Buffer.from(ca, "base64").toString(), nodeArchitecture };
}

interface Config {
  readonly clusters?: readonly {
    readonly cluster: { readonly server?: string; readonly "certificate-authority-data"?: string };
  }[];
}

interface Nodes {
  readonly items: readonly { readonly status: { readonly nodeInfo: { readonly architecture: string } } }[];
}
