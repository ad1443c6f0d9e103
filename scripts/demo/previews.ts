import { request } from "node:http";
import type { TestCluster } from "../../test/cluster/test-cluster.ts";
import type { Inventory, Part } from "./act.ts";
import { compareNames } from "./parts.ts";
import { PREFIX } from "./preview-team.ts";

export const PREVIEWS: Part = { title: "Previews in the shared cluster", noun: "pod" };

/** The namespace of a preview, with what runs in it. */
export interface PreviewSpace {
  readonly name: string;
  /** As it is marked: RFC 3339. */
  readonly expiresAt: string;
  readonly pods: readonly { readonly name: string; readonly ready: boolean }[];
}

/** The previews that stand in the cluster. Those that are on their way out are among them. */
export async function readPreviews({ kubectl }: Pick<TestCluster, "kubectl">): Promise<readonly PreviewSpace[]> {
  const list = async <T>(...words: readonly string[]): Promise<readonly T[]> => {
    const said = await kubectl("get", ...words, "--output", "json");
    return (JSON.parse(said) as { readonly items: readonly T[] }).items;
  };
  const [spaces, pods] = await Promise.all([
    list<NamespaceObject>("namespaces", "--selector", "auto-destroy=true"),
    list<PodObject>("pods", "--all-namespaces", "--selector", "app.kubernetes.io/instance=shop"),
  ]);
  return spaces
    .filter(({ metadata }) => metadata.name.startsWith(`${PREFIX}-`))
    .map(({ metadata: { name, annotations = {} } }) => ({
      name,
      expiresAt: annotations["expires-at"] ?? "",
      pods: pods
        .filter(({ metadata }) => metadata.namespace === name && metadata.deletionTimestamp === undefined)
        .map(({ metadata, status: { conditions = [] } }) => ({
          name: metadata.name,
          ready: conditions.some(({ type, status }) => type === "Ready" && status === "True"),
        })),
    }));
}

interface NamespaceObject {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Each preview with its end, and below it its pods. */
export function listPreviews(spaces: readonly PreviewSpace[]): readonly Inventory[] {
  const rows = spaces.flatMap(({ name, expiresAt, pods }): readonly Inventory[] => [
    { name, note: `expires-at ${expiresAt}`, holder: true },
    ...pods.map((pod) => ({ name: `${name}/${pod.name}`, note: pod.ready ? "ready" : "not ready" })),
  ]);
  return rows.toSorted((a, b) => compareNames(a.name, b.name));
}

/** The first heading that an address answers with, asked as a runner asks it; undefined where there is none. */
export function askHeading(proxyUrl: string, address: string): Promise<string | undefined> {
  const { hostname, port } = new URL(proxyUrl);
  return new Promise((resolve) => {
    const path = `${address}/index.html`;
    const headers = { host: new URL(address).host };
    const asked = request({ hostname, port, path, headers, agent: false, timeout: 10_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(/<h1>(.*?)<\/h1>/.exec(text)?.[1]));
      response.on("error", () => resolve(undefined));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.end();
  });
}
