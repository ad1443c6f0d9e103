import type { KubeObject } from "../../kubernetes/kube-object.ts";
import { fieldOf, listOf, textOf, textsOf } from "../../rollout/read-field.ts";
import type { FoundContainer } from "./find-containers.ts";
import { printIn } from "./run-in-container.ts";
import type { Scope } from "./scope.ts";
import { keyOf, listKeySources, readSpecEnvironment, type SourceData, type SpecVariable } from "./spec-environment.ts";

/** The variables of a container. */
export interface Environment {
  /** How they are known, for people. */
  readonly way: string;
  /** `missing` for what is not set. */
  find(name: string): SpecVariable;
}

/** How a container could be asked before: an image does not get a program later. */
export type Ways = Map<string, "process" | "env" | "spec">;

/**
 * What the first process of a container was started with; where the image has no `cat`, what another one gets; where it
 * has no `env` either, what the pod's spec and its Secrets and ConfigMaps say now.
 */
export async function readEnvironment(container: FoundContainer, scope: Scope, ways: Ways): Promise<Environment> {
  const spec = listOf(container.object, "spec", "containers").find(
    (each) => textOf(each, "name") === container.container,
  );
  const written = readSpecEnvironment(spec, container.object, new Map());
  const key = `${container.object.metadata.uid ?? ""}/${container.container}`;
  const known = ways.get(key);
  // Processes of all containers are one family then, and the first is not the container's own.
  const shared = fieldOf(container.object, "spec", "shareProcessNamespace") === true;
  if (!shared && (known ?? "process") === "process") {
    const text = await printIn(container, ["cat", "/proc/1/environ"], scope);
    if (text !== undefined && text !== "") {
      ways.set(key, "process");
      return running(text.split("\0"), "in /proc/1/environ", written);
    }
  }
  if ((known ?? "env") === "env") {
    const text = await printIn(container, ["env"], scope);
    if (text !== undefined) {
      ways.set(key, "env");
      return running(joinLines(text), "by env", written);
    }
  }
  ways.set(key, "spec");
  const all = readSpecEnvironment(spec, container.object, await readSources(spec, container.namespace, scope));
  const unset: SpecVariable = {
    kind: "unknown",
    because: "it is not in the pod's spec, and the image can print no other",
  };
  return {
    way: "by the pod's spec: the image has neither cat nor env",
    find: (name) => all.get(name) ?? unset,
  };
}

/** @param spec what the pod's spec itself says: no secret */
function running(lines: readonly string[], way: string, spec: ReadonlyMap<string, SpecVariable>): Environment {
  const values = new Map(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
  return {
    way,
    find: (name) => {
      const value = values.get(name);
      if (value === undefined) return { kind: "missing", because: "" };
      const written = spec.get(name);
      return { kind: "value", value, open: written?.kind === "value" && written.open && written.value === value };
    },
  };
}

/** `env` ends each variable with a line feed, of which a value may have some of its own. */
function joinLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (/^[A-Za-z_.-][\w.-]*=/.test(line)) lines.push(line);
    else lines.push(`${lines.pop() ?? ""}\n${line}`);
  }
  return lines;
}

async function readSources(spec: unknown, namespace: string, scope: Scope): Promise<ReadonlyMap<string, SourceData>> {
  const data = new Map<string, SourceData>();
  await Promise.all(
    listKeySources(spec).map(async (source) => {
      data.set(keyOf(source), await readSource({ apiVersion: "v1", namespace, ...source }, scope));
    }),
  );
  return data;
}

type SourceRef = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
};

async function readSource(ref: SourceRef, { cluster, world }: Scope): Promise<SourceData> {
  try {
    const found = await cluster.find(ref);
    return found && readData(found);
  } catch (error) {
    if (world.readRefusal(error)?.status === 403) return "hidden";
    throw error;
  }
}

function readData(object: KubeObject): Readonly<Record<string, string>> {
  const data = textsOf(object, "data");
  if (object.kind !== "Secret") return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}
