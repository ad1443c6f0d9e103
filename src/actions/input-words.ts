/** What inputs of several actions mean: a name means the same everywhere. */
export const words = {
  environment: "The environment's name, such as `pr-123`.",
  registry: "The registry: its name, which is looked up in the subscription, its login server, or its resource id.",
  cluster: "The AKS cluster: its name in `resource-group`, or its resource id.",
  "resource-group": "The resource group that the cluster is in.",
  namespace: "The Kubernetes namespace to work in; the context's own when left out.",
  timeout: "How long the work may take: of a deployment its rollout, of a smoke test all of it.",
  "dry-run": "Only says what would be done, and why.",
  deadline: "When the run has to be over. What is left then is told, and left for the next run.",
  concurrency: "How much is done side by side.",
  ttl: "How long the environment lives from now, such as `8h`. An apply brings its end back, never forward.",
  "max-ttl": "The longest `ttl` that is given.",
  "backend-config":
    "Settings of the backend, `key=value` on each line, or one path of a file. Without a `key`, azurerm gets `mayfly/<repository id>/<environment>.tfstate`.",
  "check-url":
    "Asks the address from this runner, and fails when it does not answer. `false` where only others reach it.",
  "url-path": "What is asked there.",
  "url-timeout": "How long the address may take to answer, with its name in the DNS and its load balancer.",
  "max-deletions": "The fuse: with more to delete than this, nothing is deleted.",
} as const;

/** What a registry may be called in an input; people paste addresses. */
export const registryForm = {
  pattern:
    /^(?:[a-z0-9]+|[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?|\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[a-z0-9]+)$/i,
  expected: "a registry's name (mayfly), its login server without https:// (mayfly.azurecr.io), or its resource id",
} as const;

/** What an environment may be called. */
export const environmentForm = {
  pattern: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  expected: "1 to 40 lower-case letters, digits and hyphens, such as pr-123",
} as const;
