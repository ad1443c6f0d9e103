import { listImages } from "./images.ts";
import { readManifest } from "./read-manifest.ts";
import type { ReleaseRecord } from "./release-record.ts";
import { isTree } from "./value-tree.ts";

/** What a smoke test may name of a release, below `release`. */
export interface ReleaseBindings {
  readonly [name: string]: unknown;
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion: string;
  readonly services: readonly { readonly name: string; readonly ports: readonly (string | number)[] }[];
  readonly deployments: readonly string[];
  readonly statefulsets: readonly string[];
  readonly daemonsets: readonly string[];
  /** By an image without its tag and digest: its digest, or its tag where it has none. */
  readonly images: Readonly<Record<string, string>>;
}

/** What a revision of a release is, and what it has; hooks are no part of it. Lists are empty for a manifest that cannot be read. */
export function makeReleaseBindings(record: ReleaseRecord): ReleaseBindings {
  const read = readManifest(record.manifest, record.namespace);
  const objects = "value" in read ? read.value.map(({ object }) => object) : [];
  const listNames = (kind: string): readonly string[] =>
    objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  return {
    name: record.name,
    namespace: record.namespace,
    revision: record.revision,
    chart: record.chart.name,
    chartVersion: record.chart.version,
    appVersion: record.chart.appVersion,
    services: objects
      .filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Service")
      .map(({ metadata, ...object }) => ({ name: metadata.name, ports: listPorts(object["spec"]) })),
    deployments: listNames("Deployment"),
    statefulsets: listNames("StatefulSet"),
    daemonsets: listNames("DaemonSet"),
    images: Object.fromEntries(listImages(objects).map(({ image }) => splitImage(image))),
  };
}

/** Each port by its name, or by its number where it has none. */
function listPorts(spec: unknown): readonly (string | number)[] {
  const ports: unknown = isTree(spec) ? spec["ports"] : undefined;
  return (Array.isArray(ports) ? ports : []).filter(isTree).flatMap(({ name, port }) => {
    const told = typeof name === "string" && name !== "" ? name : port;
    return typeof told === "string" || typeof told === "number" ? [told] : [];
  });
}

function splitImage(image: string): readonly [string, string] {
  const [tagged = "", digest] = image.split("@", 2);
  const [, repository = tagged, tag] = /^(.+?)(?::([^:/]+))?$/.exec(tagged) ?? [];
  return [repository, digest ?? tag ?? "latest"];
}
