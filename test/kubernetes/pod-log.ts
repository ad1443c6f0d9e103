import type { Json } from "./field-paths.ts";
import type { Target } from "./request-path.ts";
import { notFound, Refusal } from "./status.ts";
import type { Store } from "./store.ts";

/** What a container printed. */
export interface ContainerLog {
  readonly current?: string;
  readonly previous?: string;
}

/** What a container has printed, by `namespace/pod/container`. @throws Refusal in the kubelet's words */
export function readPodLog(
  store: Store,
  { kind, namespace = "", name = "" }: Target,
  query: URLSearchParams,
  logs: ReadonlyMap<string, ContainerLog>,
): string {
  const pod = store.find(kind, namespace, name);
  if (pod === undefined) throw notFound("pods", name);
  const container = query.get("container") ?? "";
  const known = ((pod["spec"] as Json | undefined)?.["containers"] ?? []) as readonly Json[];
  if (!known.some((each) => each["name"] === container))
    throw new Refusal(400, "BadRequest", `container ${container} is not valid for pod ${name}`);
  const log = logs.get(`${namespace}/${name}/${container}`);
  const previous = query.get("previous") === "true";
  if (previous && log?.previous === undefined) {
    throw new Refusal(400, "BadRequest", `previous terminated container "${container}" in pod "${name}" not found`);
  }
  if (log === undefined)
    throw new Refusal(
      400,
      "BadRequest",
      `container "${container}" in pod "${name}" is waiting to start: ContainerCreating`,
    );
  const text = (previous ? log.previous : log.current) ?? "";
  const tail = query.get("tailLines");
  const lines =
    tail === null
      ? text
      : text
          .split(/(?<=\n)/)
          .slice(-Number(tail))
          .join("");
  return lines.slice(0, Number(query.get("limitBytes") ?? lines.length));
}
