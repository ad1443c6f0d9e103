import { listImages } from "../../helm/images.ts";
import type { Finding, PreflightCheck } from "./preflight.ts";

/** Whether the nodes' identity may pull from the registries of Azure that the release uses. */
export const checkPull: PreflightCheck = async ({ world }, { rendered }) => {
  const { azure } = world;
  if (azure === undefined) return [];
  const images = listImages([...rendered.objects, ...rendered.hooks].map(({ object }) => object));
  // With a Secret of its own, a pod does not need the nodes' identity.
  const hosts = new Set(images.filter(({ pullSecrets }) => !pullSecrets).map(({ host }) => host));
  const found = await Promise.all(
    [...hosts].map(async (host): Promise<readonly Finding[]> => {
      const right = await azure.readPullRight(host);
      if (right?.kind !== "missing") return [];
      const message = `The nodes may not pull from ${host}: ${right.because}.\nTo do: ${right.command}`;
      return [{ severity: "error", code: "pull-right-missing", message }];
    }),
  );
  return found.flat();
};
