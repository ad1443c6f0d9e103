import { fieldOf, listOf, textOf, textsOf } from "../../rollout/read-field.ts";

/** Where values of a pod's spec come from. */
export interface KeySource {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
}

/** What a source holds now; undefined when it is not there, `hidden` where the job may not read it. */
export type SourceData = Readonly<Record<string, string>> | undefined | "hidden";

/** What a pod's spec says of a variable. */
export type SpecVariable =
  | {
      readonly kind: "value";
      readonly value: string /** Written in the spec, or in a ConfigMap. */;
      readonly open: boolean;
    }
  /** It is set, and only the node knows to what. */
  | { readonly kind: "set" }
  | { readonly kind: "missing"; readonly because: string }
  /** Nobody here can tell. */
  | { readonly kind: "unknown"; readonly because: string };

/** The sources that a container's spec names. */
export function listKeySources(container: unknown): readonly KeySource[] {
  const all = [
    ...listOf(container, "envFrom").map(readBulk),
    ...listOf(container, "env").map((each) => readKey(fieldOf(each, "valueFrom"))),
  ];
  const found = all.filter((each) => each !== undefined).map(({ kind, name }) => ({ kind, name }));
  return [...new Map(found.map((each) => [keyOf(each), each])).values()];
}

/** What tells a Secret or a ConfigMap from others of its namespace. */
export function keyOf({ kind, name }: KeySource): string {
  return `${kind}/${name}`;
}

/**
 * The variables of a container as the kubelet makes them: `envFrom` first, then `env`, and what comes later counts. What
 * the image itself sets, and what Kubernetes adds for Services, is not among them.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
 *
 * @param data by `keyOf`
 */
export function readSpecEnvironment(
  container: unknown,
  pod: unknown,
  data: ReadonlyMap<string, SourceData>,
): ReadonlyMap<string, SpecVariable> {
  const variables = new Map<string, SpecVariable>();
  for (const each of listOf(container, "envFrom")) {
    const source = readBulk(each);
    const found = source === undefined ? undefined : data.get(keyOf(source));
    if (source === undefined || found === undefined || found === "hidden") continue;
    for (const [key, value] of Object.entries(found)) {
      variables.set(`${textOf(each, "prefix")}${key}`, { kind: "value", value, open: source.kind === "ConfigMap" });
    }
  }
  for (const each of listOf(container, "env")) {
    const name = textOf(each, "name");
    const from = fieldOf(each, "valueFrom");
    const found = from === undefined ? expand(textOf(each, "value"), variables) : readFrom(from, pod, data);
    // An optional key that is not there leaves what envFrom has set.
    if (found.kind !== "missing" || !variables.has(name)) variables.set(name, found);
  }
  return variables;
}

interface Bulk extends KeySource {
  readonly key?: string;
}

function readBulk(each: unknown): Bulk | undefined {
  const [secret, configMap] = [textOf(each, "secretRef", "name"), textOf(each, "configMapRef", "name")];
  if (secret !== "") return { kind: "Secret", name: secret };
  return configMap === "" ? undefined : { kind: "ConfigMap", name: configMap };
}

function readKey(from: unknown): (KeySource & { readonly key: string }) | undefined {
  for (const [field, kind] of [
    ["secretKeyRef", "Secret"],
    ["configMapKeyRef", "ConfigMap"],
  ] as const) {
    const [name, key] = [textOf(from, field, "name"), textOf(from, field, "key")];
    if (name !== "" && key !== "") return { kind, name, key };
  }
  return undefined;
}

function readFrom(from: unknown, pod: unknown, data: ReadonlyMap<string, SourceData>): SpecVariable {
  const source = readKey(from);
  if (source === undefined) return readField(textOf(from, "fieldRef", "fieldPath"), pod);
  const found = data.get(keyOf(source));
  const told = `${source.kind} "${source.name}"`;
  if (found === "hidden") return { kind: "unknown", because: `the job may not read the ${told}` };
  if (found === undefined) return { kind: "missing", because: `there is no ${told}` };
  const value = Object.hasOwn(found, source.key) ? found[source.key] : undefined;
  if (value === undefined) return { kind: "missing", because: `the ${told} has no key "${source.key}"` };
  return { kind: "value", value, open: source.kind === "ConfigMap" };
}

/** Names and labels stand in the pod; addresses and resources are the node's to say. */
function readField(path: string, pod: unknown): SpecVariable {
  const [, field, key = ""] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  const value = field === undefined ? fieldOf(pod, ...path.split(".")) : (textsOf(pod, "metadata", field)[key] ?? "");
  return typeof value === "string" ? { kind: "value", value, open: true } : { kind: "set" };
}

/** `$(NAME)` of what stands before it; `$$(NAME)` is its own text, as is a name that nobody knows. */
function expand(text: string, before: ReadonlyMap<string, SpecVariable>): SpecVariable {
  let open = true;
  let known = true;
  const value = text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (all, name: string | undefined) => {
    if (name === undefined) return "$";
    const found = before.get(name);
    if (found?.kind === "value") {
      open &&= found.open;
      return found.value;
    }
    known &&= found?.kind !== "set";
    return all;
  });
  return known ? { kind: "value", value, open } : { kind: "set" };
}
