/** What a teardown did, in words, as destroy-environment tells it in its outputs; nothing where it tells nothing. */
export function listDone(outputs: Readonly<Record<string, unknown>>): readonly string[] {
  const receipt = parseObject(textOf(outputs, "receipt"));
  const helm = objectOf(receipt, "helm");
  const terraform = objectOf(receipt, "terraform");
  const destroyed = countOf(terraform, "destroy");
  const untagged = countOf(outputs, "untagged") ?? countOf(objectOf(receipt, "images"), "untagged");
  const deleted = countOf(outputs, "manifests-deleted") ?? 0;
  return [
    ...(textOf(helm, "status") === "uninstalled" ? [`Release ${textOf(helm, "release")} uninstalled`] : []),
    ...(textOf(helm, "namespace-deleted") === "true" ? [`Namespace ${textOf(helm, "namespace")} deleted`] : []),
    // Where terraform failed, its number is what it meant to do.
    ...(destroyed === undefined || textOf(terraform, "error-code") !== ""
      ? []
      : [`${count(destroyed, "resource")} destroyed by terraform`]),
    ...(untagged === undefined
      ? []
      : [`${count(untagged, "image tag")} removed, ${count(deleted, "manifest")} deleted`]),
  ];
}

/** What failed of a teardown: its step and its code; undefined when nothing did. */
export function findTeardownFault(
  outputs: Readonly<Record<string, unknown>>,
): { readonly step: string; readonly code: string } | undefined {
  const step = textOf(outputs, "failed-step");
  const toldCode = textOf(outputs, "error-code");
  return step === "" ? undefined : { step, code: toldCode };
}

/** What `remove` did, as its output `receipt` has it. */
export function listRemoved(receipt: string): readonly string[] {
  const done = parseObject(receipt)["done"];
  return Array.isArray(done) ? done.filter((line): line is string => typeof line === "string") : [];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function countOf(value: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const text = textOf(value, name);
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function textOf(value: Readonly<Record<string, unknown>>, name: string): string {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof found === "string" ? found : "";
}

function objectOf(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof found === "object" && found !== null ? { ...found } : {};
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
