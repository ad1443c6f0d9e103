import type { TestCluster } from "../../test/cluster/test-cluster.ts";
import type { Inventory, Part } from "./act.ts";
import { compareNames } from "./parts.ts";

/** A pod, as far as an act is about it. */
export interface RunningPod {
  readonly name: string;
  /** What its template calls it: `api`. */
  readonly app: string;
  /** As its template has it. */
  readonly image: string;
  readonly ready: boolean;
}

/** What stands in a namespace. */
export interface Running {
  /** Those that are on their way out are left out. */
  readonly pods: readonly RunningPod[];
  /** helm's revisions of the release, with what became of each. */
  readonly revisions: readonly { readonly number: number; readonly status: string }[];
  /** The first heading that the Service `shop-web` answers with; undefined where there is none. */
  readonly heading: string | undefined;
}

export function podsPart(namespace: string): Part {
  return { title: `Namespace ${namespace}`, noun: "pod" };
}

/** Looks at pods, revisions and what is served. */
export async function readRunning(cluster: Pick<TestCluster, "kubectl">, namespace: string): Promise<Running> {
  const list = async <T>(kind: string, labels: string): Promise<readonly T[]> => {
    const said = await cluster.kubectl("get", kind, "--namespace", namespace, "--selector", labels, "--output", "json");
    return (JSON.parse(said) as { readonly items: readonly T[] }).items;
  };
  const [pods, secrets, services] = await Promise.all([
    list<PodObject>("pods", "app.kubernetes.io/instance=shop"),
    list<Labelled>("secrets", "owner=helm"),
    list<ServiceObject>("services", "app.kubernetes.io/name=web"),
  ]);
  return {
    pods: pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(describePod),
    revisions: secrets
      .map(({ metadata: { labels } }) => ({ number: Number(labels["version"]), status: labels["status"] ?? "" }))
      .toSorted((a, b) => a.number - b.number),
    heading: await readHeading(services[0]?.spec.clusterIP),
  };
}

interface Labelled {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

interface PodObject extends Labelled {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface ServiceObject extends Labelled {
  readonly spec: { readonly clusterIP: string };
}

function describePod({ metadata, spec, status }: PodObject): RunningPod {
  return {
    name: metadata.name,
    app: metadata.labels["app.kubernetes.io/name"] ?? "",
    image: spec.containers[0]?.image ?? "",
    ready: (status.conditions ?? []).some((condition) => condition.type === "Ready" && condition.status === "True"),
  };
}

async function readHeading(address: string | undefined): Promise<string | undefined> {
  if (address === undefined) return undefined;
  try {
    // A connection that is kept would keep this process, too.
    const answer = await fetch(`http://${address}/index.html`, { headers: { connection: "close" } });
    return /<h1>(.*?)<\/h1>/.exec(await answer.text())?.[1];
  } catch {
    return undefined;
  }
}

/** Characters of a digest that are enough to tell it from others. */
const SHORT = 12;

/** The release's revisions and what is served, and below them the pods. */
export function listRunning({ pods, revisions, heading }: Running): readonly Inventory[] {
  const served =
    heading === undefined ? [] : [{ name: "http://shop-web", note: `"${heading}"`, holder: true } as const];
  const rows: readonly Inventory[] = [
    ...revisions.map(({ number, status }) => ({
      name: `release shop, revision ${number}`,
      note: status,
      holder: true as const,
    })),
    ...served,
    ...pods.map(({ name, image, ready }) => ({ name, note: `${shorten(image)} · ${ready ? "ready" : "not ready"}` })),
  ];
  return rows.toSorted((a, b) => compareNames(a.name, b.name));
}

/** Without the registry, and with a digest's first characters. */
function shorten(image: string): string {
  return image.replace(/^[^/]+\//, "").replace(/@sha256:(.*)$/, (_, digest: string) => `@${digest.slice(0, SHORT)}`);
}
