import { gunzipSync, gzipSync } from "node:zlib";
import { readManifest } from "../../../../src/helm/read-manifest.ts";
import type { ReleaseStatus } from "../../../../src/helm/release-record.ts";
import type { KubeObject } from "../../../../src/kubernetes/kube-object.ts";
import type { FakeCluster } from "./cluster.ts";

/** A revision as helm keeps it. */
export interface Revision {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: ReleaseStatus;
  readonly description: string;
  readonly deployedAt: string;
  /** As rendered, hooks among it. */
  readonly manifest: string;
  readonly chart: { readonly name: string; readonly version: string; readonly appVersion: string };
  readonly values: unknown;
  readonly labels: Readonly<Record<string, string>>;
  readonly ssa: boolean;
}

const SECRET = { apiVersion: "v1", kind: "Secret" } as const;

/** Writes a revision into its Secret, as helm 3 and 4 do. */
export function writeRevision(cluster: Pick<FakeCluster, "put">, one: Revision): void {
  const { name, namespace, revision, status, manifest } = one;
  const read = readManifest(manifest, namespace);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  const documents = (hook: boolean) =>
    read.value
      .filter((each) => !each.crd && (each.hook !== undefined) === hook)
      .map(({ object, source, hook: found }) => ({
        path: source,
        manifest: JSON.stringify(object),
        events: found?.events ?? [],
      }));
  const release = {
    name,
    namespace,
    version: revision,
    info: { status, description: one.description, last_deployed: one.deployedAt },
    chart: { metadata: one.chart },
    config: one.values,
    manifest: documents(false)
      .map(({ path, manifest: text }) => `---\n# Source: ${path}\n${text}\n`)
      .join(""),
    hooks: documents(true),
    ...(one.ssa ? { apply_method: "ssa" } : {}),
    // What this test double alone reads back.
    fake: one,
  };
  const data = Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64");
  cluster.put({
    ...SECRET,
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      namespace,
      labels: { ...one.labels, owner: "helm", name, status, version: String(revision) },
    },
    type: "helm.sh/release.v1",
    data: { release: data },
  });
}

/** The revisions of a release, newest first. */
export function listRevisions(
  cluster: Pick<FakeCluster, "list">,
  namespace: string,
  name: string,
): readonly Revision[] {
  return cluster
    .list(SECRET, namespace)
    .filter(({ metadata }) => metadata.labels?.["owner"] === "helm" && metadata.labels["name"] === name)
    .map(readRevision)
    .toSorted((a, b) => b.revision - a.revision);
}

function readRevision(secret: KubeObject): Revision {
  const { release } = secret["data"] as { readonly release: string };
  const zipped = Buffer.from(Buffer.from(release, "base64").toString("utf8"), "base64");
  const { fake } = JSON.parse(gunzipSync(zipped).toString("utf8")) as { readonly fake: Revision };
  // Helm takes them from the Secret, whoever has put them there.
  const { owner: _, name: __, status: ___, version: ____, ...labels } = secret.metadata.labels ?? {};
  return { ...fake, labels };
}
