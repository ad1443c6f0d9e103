import type { KubeObject } from "../../src/kubernetes/kube-object.ts";

/** Whether an object fits a label selector and a field selector, as the API server reads them. */
export function createFilter(labelSelector: string, fieldSelector: string): (object: KubeObject) => boolean {
  const labels = splitSelector(labelSelector).map(readRequirement);
  const fields = splitSelector(fieldSelector).map((part) => {
    const [, path = "", operator = "", value = ""] = /^([^!=]+)(!=|==?)(.*)$/.exec(part) ?? [];
    return (object: KubeObject) => (String(readPath(object, path) ?? "") === value) === (operator !== "!=");
  });
  return (object) => labels.every((fits) => fits(object.metadata.labels ?? {})) && fields.every((fits) => fits(object));
}

/** At commas that are not in parentheses. */
function splitSelector(selector: string): readonly string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

type Labels = Readonly<Record<string, string>>;

function readRequirement(part: string): (labels: Labels) => boolean {
  const [, name = "", not, list = ""] = /^(\S+)\s+(not)?in\s*\((.*)\)$/.exec(part) ?? [];
  if (name !== "") {
    const values = list.split(",").map((value) => value.trim());
    return (labels) => values.includes(labels[name] ?? "\0") === (not === undefined);
  }
  const [, key = "", operator = "", value = ""] = /^([^!=]+)(!=|==?)(.*)$/.exec(part) ?? [];
  if (operator !== "") return (labels) => (labels[key.trim()] === value.trim()) === (operator !== "!=");
  return part.startsWith("!") ? (labels) => !(part.slice(1) in labels) : (labels) => part in labels;
}

function readPath(object: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name], object);
}
