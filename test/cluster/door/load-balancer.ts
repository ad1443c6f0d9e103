import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type AskApi, connectApi } from "../ask-api.ts";
import type { Layout } from "../layout.ts";
import { type BalancedService, chooseAddress, isBalanced, keyOf, listTaken } from "./balanced-service.ts";

/** While the API server is not up yet, or a watch has ended. */
const AGAIN_MS = 500;
/** The API server ends a watch itself then. */
const WATCH_SECONDS = 600;

/**
 * Gives Services of type LoadBalancer an address of the cluster's own, as a cloud would: one at a time, for as long as this
 * process lives. kube-proxy does the rest: it leads what comes to that address to the Service's pods.
 *
 * An address is taken for as long as a Service has it, so nothing has to be freed, and nothing is forgotten when this
 * process is killed.
 */
export async function balanceLoad(layout: Layout): Promise<never> {
  for (;;) {
    try {
      await balanceOnce(layout);
    } catch (error) {
      // Before the API server is up, as often as it is asked.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ECONNREFUSED" && code !== "EHOSTUNREACH") console.error(new Date().toISOString(), String(error));
    }
    await sleep(AGAIN_MS);
  }
}

interface ServiceList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly BalancedService[];
}

async function balanceOnce(layout: Layout): Promise<void> {
  const api = connectApi(layout);
  try {
    const { status, text } = await api("/api/v1/services");
    if (status !== 200) return;
    const { metadata, items } = JSON.parse(text) as ServiceList;
    const services = new Map(items.map((service) => [keyOf(service), service]));
    const look = (service: BalancedService) => give(api, layout, service, services);
    for (const service of items) await look(service);
    for await (const { type, object } of watchServices(layout, metadata.resourceVersion)) {
      if (type === "ERROR") return;
      if (type === "DELETED") services.delete(keyOf(object));
      else services.set(keyOf(object), object);
      if (type === "ADDED" || type === "MODIFIED") await look(object);
    }
  } finally {
    api.close();
  }
}

async function give(
  api: AskApi,
  { addresses }: Layout,
  service: BalancedService,
  services: Map<string, BalancedService>,
): Promise<void> {
  if (!isBalanced(service) || listTaken([service]).length > 0) return;
  const ip = chooseAddress(addresses.balancers, listTaken([...services.values()]));
  if (ip === undefined) return console.error(`There is no address left for ${keyOf(service)}`);
  const { namespace, name, uid } = service.metadata;
  const status = { loadBalancer: { ingress: [{ ip }] } };
  // With its uid, another Service of the same name is left alone.
  const body = { metadata: { uid }, status };
  const type = "application/merge-patch+json";
  const path = `/api/v1/namespaces/${namespace}/services/${name}/status`;
  const answer = await api(path, { method: "PATCH", type, body });
  // Gone in between, or another one by now: its own event comes.
  if (answer.status === 200) services.set(keyOf(service), { ...service, status });
  else if (answer.status !== 404 && answer.status !== 409)
    throw new Error(`PATCH ${path}: ${answer.status} ${answer.text}`);
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: BalancedService;
}

/** What happens to Services from a version on, until the API server ends the watch. */
async function* watchServices({ certificates, server }: Layout, version: string): AsyncGenerator<WatchEvent> {
  const read = (name: string) => readFileSync(join(certificates, name));
  const agent = new Agent({ ca: read("ca.crt"), cert: read("administrator.crt"), key: read("administrator.key") });
  const path = `/api/v1/services?watch=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${version}`;
  try {
    const response = await new Promise<Parameters<NonNullable<Parameters<typeof get>[2]>>[0]>((done, failed) => {
      get(`${server}${path}`, { agent }, done).on("error", failed);
    });
    for await (const line of createInterface({ input: response }))
      if (line !== "") yield JSON.parse(line) as WatchEvent;
  } finally {
    agent.destroy();
  }
}
