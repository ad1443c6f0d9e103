import type { BuildRequest, PushTarget } from "../../src/image/build-request.ts";

/** A build that asks for nothing special. */
export function makeRequest(change: Partial<BuildRequest> = {}): BuildRequest {
  return {
    context: "/job/app",
    file: "/job/app/Dockerfile",
    target: undefined,
    buildArgs: {},
    buildContexts: {},
    secrets: [],
    ssh: [],
    platforms: [],
    labels: {},
    annotations: {},
    cacheFrom: [],
    cacheTo: [],
    provenance: undefined,
    sbom: false,
    pull: false,
    noCache: false,
    outputs: [],
    sourceDateEpoch: undefined,
    ...change,
  };
}

export const target: PushTarget = {
  repositories: [
    { host: "mayfly.azurecr.io", name: "team/app" },
    { host: "ghcr.io", name: "octo/app" },
  ],
  carrierTag: "ctx-0123456789abcdef",
};
