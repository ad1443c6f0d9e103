import type { KubeObject } from "../kubernetes/kube-object.ts";
import { listConditions } from "./condition.ts";
import type { Container, ContainerState, Ended } from "./container.ts";
import { oneLine } from "./one-line.ts";
import { readPod } from "./pod.ts";
import type { Probe } from "./probe.ts";
import { countOf, fieldOf, listOf, textOf, textsOf } from "./read-field.ts";
import { nameContainer } from "./signs/sign.ts";

type Row = readonly [name: string, text: string];

/** What tells of an object's state, as `kubectl describe` would, short: a heading and one indented line for each fact. */
export function describeObject(object: KubeObject): string {
  const { kind, metadata } = object;
  const rows = (DESCRIBED[kind] ?? describeNumbers)(object);
  const all = [...rows, ...describeConditions(object)].filter(([, text]) => text !== "");
  const width = Math.max(0, ...all.map(([name]) => name.length));
  const place = metadata.namespace === undefined ? "" : ` (${metadata.namespace})`;
  const going = metadata.deletionTimestamp === undefined ? "" : ", being deleted";
  return [
    `${kind}/${metadata.name}${place}${going}`,
    ...all.map(([name, text]) => `  ${name.padEnd(width)}  ${oneLine(text)}`),
  ].join("\n");
}

const DESCRIBED: Readonly<Record<string, (object: KubeObject) => readonly Row[]>> = {
  Pod: describePod,
  Service: describeService,
};

function describeService(object: KubeObject): readonly Row[] {
  const selector = Object.entries(textsOf(object, "spec", "selector")).map(([name, value]) => `${name}=${value}`);
  const ports = listOf(object, "spec", "ports").map((port) => {
    const target = fieldOf(port, "targetPort") ?? fieldOf(port, "port");
    return [textOf(port, "name"), `${countOf(port, "port")} to ${target}`].filter((text) => text !== "").join(" ");
  });
  return [
    ["type", textOf(object, "spec", "type")],
    ["selector", selector.length === 0 ? "none: its endpoints are made by hand" : selector.join(",")],
    ["ports", ports.join(", ")],
  ];
}

function describePod(object: KubeObject): readonly Row[] {
  const pod = readPod(object);
  return [
    ["phase", [pod.phase, pod.reason, pod.message].filter((text) => text !== "").join(": ")],
    ["node", pod.node],
    ["gates", pod.closedGates.map((gate) => `${gate} not True`).join(", ")],
    ...pod.containers.flatMap(describeContainer),
  ];
}

function describeContainer(container: Container): readonly Row[] {
  const { image, state, restarts, last, ready, limits, requests } = container;
  const probes = (["startup", "readiness", "liveness"] as const).flatMap((name): readonly Row[] => {
    const probe = container[name];
    return probe === undefined ? [] : [[`  ${name}`, describeProbe(probe)]];
  });
  return [
    [nameContainer(container), image],
    ["  state", `${describeState(state)}${ready ? ", ready" : ""}`],
    ["  restarts", restarts === 0 ? "" : String(restarts)],
    ["  run before", last === undefined ? "" : describeEnd(last)],
    ...probes,
    ["  requests", requests],
    ["  limits", limits],
  ];
}

function describeState(state: ContainerState): string {
  switch (state.kind) {
    case "waiting":
      return `waiting: ${state.reason}${state.message === "" ? "" : `: ${state.message}`}`;
    case "running":
      return state.startedAt === undefined ? "running" : `running since ${new Date(state.startedAt).toISOString()}`;
    case "ended":
      return describeEnd(state);
    case "unknown":
      return "not told of";
  }
}

function describeEnd({ exitCode, reason, message, finishedAt }: Ended): string {
  const when = finishedAt === undefined ? "" : ` at ${new Date(finishedAt).toISOString()}`;
  return `ended with ${exitCode}${reason === "" ? "" : ` (${reason})`}${when}${message === "" ? "" : `: ${message}`}`;
}

function describeProbe({ asks, initialDelay, period, timeout, failureThreshold }: Probe): string {
  return `${asks}, after ${initialDelay}s, every ${period}s, ${timeout}s each, ${failureThreshold} failures`;
}

/** What controllers count. */
const NUMBERS: ReadonlyArray<readonly [name: string, ...path: readonly string[]]> = [
  ["asked for", "spec", "replicas"],
  ["there", "status", "replicas"],
  ["updated", "status", "updatedReplicas"],
  ["ready", "status", "readyReplicas"],
  ["available", "status", "availableReplicas"],
  ["nodes meant", "status", "desiredNumberScheduled"],
  ["nodes updated", "status", "updatedNumberScheduled"],
  ["nodes available", "status", "numberAvailable"],
  ["active", "status", "active"],
  ["succeeded", "status", "succeeded"],
  ["failed", "status", "failed"],
];

function describeNumbers(object: KubeObject): readonly Row[] {
  return NUMBERS.map(([name, ...path]) => [name, String(countOf(object, ...path) ?? "")]);
}

function describeConditions(object: KubeObject): readonly Row[] {
  return listConditions(object).map(({ type, status, reason, message }) => [
    type,
    [`${status}`, reason, message].filter((text) => text !== "").join(": "),
  ]);
}
