import { connectManagedClusters } from "../../azure/connect-managed-clusters.ts";
import { listFederatedSubjects } from "../../azure/federated-credentials.ts";
import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import { parseClusterId } from "../../azure/parse-cluster-id.ts";
import { readPullRight } from "../../azure/pull-right.ts";
import { type Descriptor, MEDIA_TYPES } from "../../image/manifest.ts";
import { parseReference } from "../../image/parse-reference.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once, oncePer } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectAcrMetadata } from "../../registry/acr-metadata.ts";
import { connectRegistry } from "../../registry/connect-registry.ts";
import type { AcrTag, Registry } from "../../registry/registry.ts";
import { connectRegistryAccess } from "../registry-access.ts";
import type { spec } from "./spec.ts";
import type { AzureWorld } from "./world.ts";

type Inputs = InputsOf<typeof spec>;

/** The registries of Azure and the cluster's own identity, as far as the job has an identity there. Nothing is asked yet. */
export function connectAzure(runner: Runner, inputs: Inputs): AzureWorld | undefined {
  const { clientId, tenantId, subscriptionId } = inputs;
  if (clientId === undefined || tenantId === undefined) return undefined;
  const access = connectRegistryAccess(
    runner,
    { ...inputs, clientId, tenantId },
    { left: () => Number.MAX_SAFE_INTEGER },
  );
  const registries = new Map<string, Registry>();
  const registryOf = (host: string): Registry => {
    const known = registries.get(host);
    if (known !== undefined) return known;
    const made = connectRegistry(access.session(host, access.login.credentials(host)));
    registries.set(host, made);
    return made;
  };
  const readCluster = once(async (): Promise<ClusterFacts | undefined> => {
    const place = parseClusterId(runner.environment["MAYFLY_AKS_CLUSTER"] ?? "");
    return (
      place &&
      (await connectManagedClusters(access.arm)
        .require(place)
        .catch(() => undefined))
    );
  });
  return {
    readCluster,
    findImage: async (image) => {
      const parsed = parseReference(image);
      if ("problems" in parsed) return "unknown";
      const { repository, tag = "latest", digest } = parsed.value;
      if (!access.hasSuffix || !access.isAzureHost(repository.host)) return "unknown";
      const registry = registryOf(repository.host);
      try {
        const manifest = await registry.readManifest(repository.name, digest ?? tag);
        if (manifest === undefined) return undefined;
        return { digest: manifest.digest, platforms: listPlatforms(manifest.mediaType, manifest.bytes) };
      } catch {
        // Who may not pull cannot tell; the nodes have an identity of their own.
        return "unknown";
      }
    },
    findLogin: async (host) => {
      if (!access.hasSuffix || !access.isAzureHost(host)) return undefined;
      const { token } = await access.login.refreshToken(host);
      // https://learn.microsoft.com/azure/container-registry/container-registry-authentication: the user of a token.
      return { username: "00000000-0000-0000-0000-000000000000", password: token };
    },
    listTags: async (image) => {
      const parsed = parseReference(image);
      if ("problems" in parsed) return [];
      const { host, name } = parsed.value.repository;
      if (!access.hasSuffix || !access.isAzureHost(host)) return [];
      const session = access.session(host, access.login.credentials(host));
      const tags = await connectAcrMetadata(session, registryOf(host))
        .listTags(name)
        .catch(() => undefined);
      const since = ({ updatedAt }: AcrTag): number => updatedAt?.getTime() ?? 0;
      return (tags ?? []).toSorted((one, other) => since(other) - since(one)).map((tag) => tag.name);
    },
    readPullRight: oncePer(async (host) => {
      const cluster = await readCluster();
      if (cluster?.kubelet === undefined || !access.hasSuffix || !access.isAzureHost(host)) return undefined;
      const registry = await access.find(host).catch(() => undefined);
      if (registry === undefined) return undefined;
      return readPullRight(access.arm, { registryId: registry.id, kubeletObjectId: cluster.kubelet.objectId });
    }),
    listFederated: async (identity) => {
      if (subscriptionId === undefined) return { kind: "unknown", because: "no subscription is known" };
      return listFederatedSubjects(access.arm, { identity, subscriptionId });
    },
  };
}

/** Only an index says it without another request; one image alone is pulled by any node, and fails there if it must. */
function listPlatforms(mediaType: string, bytes: Buffer): readonly string[] {
  if (mediaType !== MEDIA_TYPES.ociIndex && mediaType !== MEDIA_TYPES.dockerList) return [];
  const { manifests = [] } = JSON.parse(bytes.toString("utf8")) as { manifests?: readonly Descriptor[] };
  const found = manifests.flatMap(({ platform }) =>
    platform === undefined ? [] : [`${platform.os}/${platform.architecture}`],
  );
  // Attestations stand beside the images.
  return [...new Set(found)].filter((name) => name !== "unknown/unknown");
}
