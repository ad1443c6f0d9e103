import type { ReleaseRecord } from "../helm/release-record.ts";
import type { Cluster } from "./cluster.ts";
import type { KubeObject } from "./kube-object.ts";
import { parseReleaseSecret } from "./parse-release-secret.ts";

/** A revision with the Secret that holds it, so that exactly this one can be taken away. */
export interface StoredRelease {
  readonly record: ReleaseRecord;
  readonly secret: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

/** What helm keeps of a release in a namespace. */
export interface StoredReleases {
  /** Newest first. */
  readonly releases: readonly StoredRelease[];
  /** Secrets that claim to be of this release and cannot be read. */
  readonly unreadable: readonly UnreadableRelease[];
}

export interface UnreadableRelease {
  /** The Secret's. */
  readonly name: string;
  /** By its label; undefined where that says none. */
  readonly revision: number | undefined;
  readonly because: string;
}

/**
 * Reads the history of a release without helm. A record that cannot be read is told of and hides no other.
 *
 * @throws KubeRefusal 403 without the right to list Secrets
 */
export async function listReleaseRecords(
  cluster: Cluster,
  namespace: string,
  release: string,
): Promise<StoredReleases> {
  const labelSelector = `owner=helm,name=${release}`;
  const secrets = await cluster.list({ apiVersion: "v1", kind: "Secret" }, { namespace, labelSelector });
  const releases: StoredRelease[] = [];
  const unreadable: UnreadableRelease[] = [];
  for (const secret of secrets) {
    const { name, uid = "", resourceVersion = "" } = secret.metadata;
    const parsed = parseReleaseSecret(secret);
    if (typeof parsed !== "string") releases.push({ record: parsed, secret: { name, uid, resourceVersion } });
    else unreadable.push({ name, revision: revisionOf(secret), because: parsed });
  }
  return { releases: releases.toSorted((a, b) => b.record.revision - a.record.revision), unreadable };
}

function revisionOf({ metadata }: KubeObject): number | undefined {
  const text = metadata.labels?.["version"] ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
