import type { Azure } from "../azure.ts";
import type { AcrRegistry, AddRegistryOptions } from "./acr.ts";
import type { ForeignRegistry, ForeignRegistryOptions } from "./foreign-registry.ts";

/** Puts a container registry in place without a request. */
export function addRegistry(azure: Azure, options: AddRegistryOptions): AcrRegistry {
  return azure.acr.addRegistry(options);
}

/** Puts a registry in place that is not Azure's. */
export function addForeignRegistry(azure: Azure, options: ForeignRegistryOptions): ForeignRegistry {
  return azure.acr.addForeignRegistry(options);
}

/** Docker Hub as clients find it. */
export const DOCKER_HUB: ForeignRegistryOptions = {
  host: "docker.io",
  api: "registry-1.docker.io",
  realm: "https://auth.docker.io/token",
  service: "registry.docker.io",
};

/** Microsoft's own, which wants no token. */
export const MCR: ForeignRegistryOptions = { host: "mcr.microsoft.com", open: true };

/** GitHub's, where a job's token may push. */
export const GHCR: ForeignRegistryOptions = { host: "ghcr.io" };
