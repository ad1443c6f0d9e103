import type { PayloadOf } from "./smoke-test.ts";
import type { CheckKind } from "./spec/check-kinds.ts";
import type { Pods } from "./spec/pods.ts";
import { shorten } from "./tell-value.ts";

const LONGEST = 100;

type Told = { readonly [K in CheckKind]: (payload: PayloadOf<K>) => string };

/** What a check looks at, by its kind. */
const TOLD: Told = {
  resources: ({ kind, name, selector }) => [kind, name ?? selector].filter(Boolean).join(" "),
  http: ({ method, url }) => (method === "GET" ? url : `${method} ${url}`),
  tcp: ({ address }) => address,
  dns: ({ type, name }) => (type === "A" ? name : `${type} ${name}`),
  exec: (payload) => `${tellPods(payload)}: ${payload.command.join(" ")}`,
  env: (payload) => tellPods(payload),
  limits: (payload) => tellPods(payload),
  logs: (payload) => tellPods(payload),
  metrics: ({ url }) => url,
  events: ({ type, reason, involvedObject: { kind, name } = {} }) =>
    [type, reason, kind, name].filter(Boolean).join(" "),
  helm: ({ release, test }) => [release, test ? "test" : undefined].filter(Boolean).join(" "),
  nats: tellNats,
  keda: ({ scaledObject, scaledJob }) =>
    scaledObject === undefined ? `ScaledJob ${scaledJob}` : `ScaledObject ${scaledObject}`,
  coldstart: ({ scaledObject, scaledJob }) => scaledObject ?? scaledJob ?? "",
  workloadIdentity: ({ serviceAccount }) => serviceAccount,
};

/** The name of a check that has none of its own: `http service://api:80/healthz`. */
export function nameCheck<K extends CheckKind>(kind: K, payload: PayloadOf<K>, negated: boolean): string {
  const told = TOLD[kind](payload).replace(/\s+/g, " ");
  return shorten([...(negated ? ["error"] : []), kind, told].filter((word) => word !== "").join(" "), LONGEST);
}

function tellPods({ pod, selector, workload, container }: Pods): string {
  return [pod ?? workload ?? selector, container].filter(Boolean).join(" ");
}

function tellNats({ stream, consumer, subscribe, publish, received, request }: PayloadOf<"nats">): string {
  if (stream !== undefined) return `stream ${stream.name}`;
  if (consumer !== undefined) return `consumer ${consumer.stream} ${consumer.name}`;
  if (subscribe !== undefined) return `subscribe ${subscribe.subject}`;
  if (publish !== undefined) return `publish ${publish.subject}`;
  if (received !== undefined) return `received ${received.subscription}`;
  return request === undefined ? "" : `request ${request.subject}`;
}
