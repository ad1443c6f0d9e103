import { request } from "node:https";
import { parse } from "yaml";
import { asObject, asText, type Json } from "../wire.ts";
import type { RealCluster } from "./real-clusters.ts";

/** Names of public addresses in Azure's DNS: `<label>.<region>.cloudapp.azure.com`. */
export const PUBLIC_NAME = /^([a-z][a-z0-9-]{1,61}[a-z0-9])\.([a-z0-9]+)\.cloudapp\.azure\.com$/;

const LABEL = "service.beta.kubernetes.io/azure-dns-label-name";
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/**
 * The address that a name leads to: that of the load balancer in one of these clusters whose Service has taken the label.
 * As in Azure, it has none before it has an address, nor where it is internal.
 *
 * @param clusters those of the name's region
 */
export async function findPublicAddress(label: string, clusters: readonly RealCluster[]): Promise<string | undefined> {
  for (const cluster of clusters) {
    const services = (await listServices(cluster)).filter((service) => {
      const { annotations } = asObject(service["metadata"]) ?? {};
      const marks = asObject(annotations) ?? {};
      return marks[LABEL] === label && marks[INTERNAL] !== "true";
    });
    const addresses = services.flatMap((service) => {
      const { ingress } = asObject(asObject(service["status"])?.["loadBalancer"]) ?? {};
      return Array.isArray(ingress) ? ingress.flatMap((each) => asText(asObject(each)?.["ip"]) ?? []) : [];
    });
    if (addresses[0] !== undefined) return addresses[0];
  }
  return undefined;
}

async function listServices({ server, caPem, adminKubeconfig }: RealCluster): Promise<readonly Json[]> {
  const { users } = parse(adminKubeconfig) as { readonly users: readonly { readonly user: Json }[] };
  const user = users[0]?.user ?? {};
  const data = (name: string) => Buffer.from(asText(user[name]) ?? "", "base64");
  const login =
    user["token"] === undefined
      ? { cert: data("client-certificate-data"), key: data("client-key-data") }
      : { headers: { authorization: `Bearer ${asText(user["token"])}` } };
  const text = await new Promise<string>((done, failed) => {
    const asked = request(`${server}/api/v1/services`, { ca: caPem, ...login, timeout: 10_000 }, (response) => {
      let read = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        read += part;
      });
      response.on("error", failed).on("end", () => done(read));
    });
    asked.on("timeout", () => asked.destroy(new Error(`${server} does not answer`)));
    asked.on("error", failed).end();
  });
  const { items } = JSON.parse(text) as Json;
  if (!Array.isArray(items)) throw new Error(`${server} lists no Services: ${text.slice(0, 200)}`);
  return items.flatMap((item: unknown): readonly Json[] => {
    const service = asObject(item);
    return service === undefined ? [] : [service];
  });
}
