import { UserError } from "../../kit/user-error.ts";
import type { ExecOutcome, PodRef } from "../../kubernetes/pod-access.ts";
import { oneLine } from "../../rollout/one-line.ts";
import { type Pod, readPod } from "../../rollout/pod.ts";
import { textOf } from "../../rollout/read-field.ts";
import { CURL, type HttpTool, PLAIN_WGET, WGET } from "../../smoke/http-tools.ts";
import type { Place } from "../../smoke/parse-place.ts";
import { findServicePort } from "./find-endpoint.ts";
import type { PlaceRequest, Reached } from "./place-request.ts";
import type { Scope } from "./scope.ts";
import { explainWay, STREAM_VERBS, Unreached } from "./unreached.ts";

interface Seat {
  readonly pod: PodRef;
  readonly container: string;
}

/** Images differ in what they hold; pods of one image do not. */
const MOST_IMAGES = 5;

/**
 * Asks from inside of the cluster, as another pod would: by curl or wget in a running container of the test's
 * namespace. It is the only route that meets the Service's own address, its DNS name and network policies.
 *
 * @throws Unreached when nobody answers there, or no container has such a tool
 * @throws UserError `smoke-forbidden`
 */
export async function askInCluster(request: PlaceRequest, place: Place, scope: Scope): Promise<Reached> {
  const order = { ...request, url: await addressOf(request, place, scope), anyCertificate: place.kind === "service" };
  const seats = await listSeats(scope);
  if (seats.length === 0) throw new Unreached(`no container runs in the namespace "${scope.namespace}" to ask from`);
  const tools = [CURL, WGET, PLAIN_WGET].filter(({ can }) => can(order));
  for (const seat of seats) {
    for (const tool of tools) {
      const begun = scope.world.monotonic();
      const outcome = await run(seat, tool, order, scope);
      if (outcome === undefined) continue;
      const latencyMs = scope.world.monotonic() - begun;
      const told = `by ${tool.name} in the container ${seat.container} of the pod ${seat.pod.name}`;
      const read = tool.read(outcome, order);
      if ("unfit" in read) continue;
      if ("fault" in read) throw new Unreached(`${oneLine(read.fault)} (${told})`, [podRef(seat)]);
      return { answer: { ...read, latencyMs, url: order.url, certificate: undefined }, told };
    }
  }
  const names = seats.map(({ pod, container }) => `${pod.name}/${container}`).join(", ");
  const wanted = [...new Set(tools.map(({ name }) => name))].join(" or ");
  throw new Unreached(
    `no container that runs in the namespace "${scope.namespace}" has a ${wanted} that runs: tried ${names}`,
  );
}

async function addressOf(request: PlaceRequest, place: Place, scope: Scope): Promise<string> {
  if (place.kind === "direct") return request.url;
  const port = await findServicePort(place, scope);
  return `${port.scheme}://${place.name}.${place.namespace}.svc:${port.number}${place.path}`;
}

/** Running containers, of the newest pods first, one of each image. */
async function listSeats({ watches, namespace, world }: Scope): Promise<readonly Seat[]> {
  const objects = await watches.list({ apiVersion: "v1", kind: "Pod" }, namespace).catch((error: unknown) => {
    throw explainWay(error, { what: "list pods", namespace, resource: "pods", verbs: ["list", "watch"] }, [], world);
  });
  const pods = objects
    .map((object) => readPod(object))
    .filter(({ phase, terminating }) => phase === "Running" && !terminating)
    .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const byImage = new Map<string, Seat>();
  for (const { image, ...seat } of pods.flatMap(listRunning)) if (!byImage.has(image)) byImage.set(image, seat);
  return [...byImage.values()].slice(0, MOST_IMAGES);
}

function listRunning({ object, name, namespace }: Pod): readonly (Seat & { readonly image: string })[] {
  const statuses = (object["status"] as { readonly containerStatuses?: readonly unknown[] } | undefined)
    ?.containerStatuses;
  return (statuses ?? [])
    .filter((status) => textOf(status, "state", "running", "startedAt") !== "")
    .map((status) => ({
      pod: { namespace, name },
      container: textOf(status, "name"),
      image: textOf(status, "imageID") || textOf(status, "image"),
    }));
}

/** From here on it is a shell that has not found it, or a signal: busybox without a C library dies of a host name. */
const NOT_RUN = 126;

/** Undefined when the container has no such tool, or is gone. */
async function run(
  { pod, container }: Seat,
  tool: HttpTool,
  order: Parameters<HttpTool["command"]>[0],
  { cluster, world, until }: Scope,
): Promise<ExecOutcome | undefined> {
  try {
    // The tool is told to stop before it is stopped, so that it can say why.
    const timeoutMs = order.timeoutMs + 2_000;
    const outcome = await cluster.exec(pod, { container, command: tool.command(order), timeoutMs, until });
    return outcome.exitCode >= NOT_RUN ? undefined : outcome;
  } catch (error) {
    const right = { ...pod, what: "run programs in pods", resource: "pods/exec", verbs: STREAM_VERBS };
    const explained = explainWay(error, right, [podRef({ pod, container })], world);
    if (explained instanceof UserError || !(explained instanceof Unreached)) throw explained;
    return undefined;
  }
}

function podRef({ pod }: Seat) {
  return { apiVersion: "v1", kind: "Pod", ...pod };
}
