import { listImages } from "../../helm/images.ts";
import type { KubeObject } from "../../kubernetes/kube-object.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";

const MOST_TAGS = 5;

/** Whether each image is in its registry, and runs on the nodes that are there. */
export const checkImages: PreflightCheck = async (session, { rendered }) => {
  const { azure } = session.world;
  if (azure === undefined) return [];
  const images = listImages([...rendered.objects, ...rendered.hooks].map(({ object }) => object));
  const platforms = await listPlatforms(session);
  const found = await Promise.all(
    images.map(async ({ image, subject }): Promise<readonly Finding[]> => {
      const facts = await azure.findImage(image);
      const where = `${subject.kind}/${subject.name}`;
      if (facts === "unknown") return [];
      if (facts === undefined) {
        const tags = (await azure.listTags(image)).slice(0, MOST_TAGS);
        const newest = tags.length === 0 ? "the repository has no tags" : `newest tags: ${tags.join(", ")}`;
        const message = `${where}: ${image} is not in the registry (${newest}).\nTo do: build and push it, or give the tag that exists.`;
        return [{ severity: "error", code: "image-missing", message }];
      }
      const missing = facts.platforms.length === 0 ? [] : platforms.filter((one) => !facts.platforms.includes(one));
      if (missing.length === 0) return [];
      const message = `${where}: ${image} is there for ${facts.platforms.join(", ")}, and the cluster has nodes with ${missing.join(", ")}.\nTo do: build it for ${missing.join(", ")}, too (platforms of acr-build-push), or keep its pods off those nodes (nodeSelector kubernetes.io/arch).`;
      // One pool of another kind need not be where it runs.
      const severity = missing.length === platforms.length ? "error" : "warning";
      return [{ severity, code: "image-platform", message }];
    }),
  );
  return found.flat();
};

/** Of the nodes that may be read. */
async function listPlatforms({ world }: Parameters<PreflightCheck>[0]): Promise<readonly string[]> {
  const nodes = await world.cluster.list({ apiVersion: "v1", kind: "Node" }, {}).catch(() => []);
  return [...new Set(nodes.map(platformOf))].filter((name) => name !== "");
}

function platformOf({ metadata }: KubeObject): string {
  const [system, architecture] = ["os", "arch"].map((name) => metadata.labels?.[`kubernetes.io/${name}`]);
  return system === undefined || architecture === undefined ? "" : `${system}/${architecture}`;
}
