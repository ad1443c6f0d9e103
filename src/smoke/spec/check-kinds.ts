import { coldstart } from "./checks/coldstart.ts";
import { dns } from "./checks/dns.ts";
import { env } from "./checks/env.ts";
import { events } from "./checks/events.ts";
import { exec } from "./checks/exec.ts";
import { helm } from "./checks/helm.ts";
import { http } from "./checks/http.ts";
import { keda } from "./checks/keda.ts";
import { limits } from "./checks/limits.ts";
import { logs } from "./checks/logs.ts";
import { metrics } from "./checks/metrics.ts";
import { nats } from "./checks/nats.ts";
import { resources } from "./checks/resources.ts";
import { tcp } from "./checks/tcp.ts";
import { workloadIdentity } from "./checks/workload-identity.ts";

/** Every check by its key in a spec. */
export const CHECK_KINDS = {
  resources,
  http,
  tcp,
  dns,
  exec,
  env,
  limits,
  logs,
  metrics,
  events,
  helm,
  nats,
  keda,
  coldstart,
  workloadIdentity,
} as const;

export type CheckKind = keyof typeof CHECK_KINDS;
