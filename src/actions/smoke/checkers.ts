import type { CheckKind } from "../../smoke/spec/check-kinds.ts";
import type { Checker } from "./look.ts";

type Loaders = { readonly [K in CheckKind]: () => Promise<Checker<K>> };

/** How each kind of check is loaded: a spec without NATS never loads its client. */
const LOADERS: Loaders = {
  coldstart: async () => (await import("./checks/coldstart.ts")).coldstartChecker,
  dns: async () => (await import("./checks/dns.ts")).dnsChecker,
  env: async () => (await import("./checks/env.ts")).envChecker,
  events: async () => (await import("./checks/events.ts")).eventsChecker,
  exec: async () => (await import("./checks/exec.ts")).execChecker,
  helm: async () => (await import("./checks/helm.ts")).helmChecker,
  http: async () => (await import("./checks/http.ts")).httpChecker,
  keda: async () => (await import("./checks/keda.ts")).kedaChecker,
  limits: async () => (await import("./checks/limits.ts")).limitsChecker,
  logs: async () => (await import("./checks/logs.ts")).logsChecker,
  metrics: async () => (await import("./checks/metrics.ts")).metricsChecker,
  nats: async () => (await import("./checks/nats.ts")).natsChecker,
  resources: async () => (await import("./checks/resources.ts")).resourcesChecker,
  tcp: async () => (await import("./checks/tcp.ts")).tcpChecker,
  workloadIdentity: async () => (await import("./checks/workload-identity.ts")).workloadIdentityChecker,
};

/** The checkers of some kinds. */
export type Checkers = { readonly [K in CheckKind]?: Checker<K> };

export type LoadCheckers = (kinds: ReadonlySet<CheckKind>) => Promise<Checkers>;

/** Loads what takes checks of these kinds, and nothing else. */
export const loadCheckers: LoadCheckers = async (kinds) =>
  Object.fromEntries(await Promise.all([...kinds].map(async (kind) => [kind, await LOADERS[kind]()] as const)));
