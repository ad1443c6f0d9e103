/** A resource as it stands in a state. */
export interface StoredResource {
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of sensitive attributes. */
  readonly sensitive: readonly string[];
  readonly tainted?: boolean;
}

export interface StoredOutput {
  readonly value: unknown;
  readonly sensitive?: boolean;
}

export interface State {
  readonly serial: number;
  readonly lineage: string;
  readonly resources: readonly StoredResource[];
  readonly outputs: Readonly<Record<string, StoredOutput>>;
}

interface WrittenResource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly status?: string;
    readonly sensitive_attributes: readonly (readonly { readonly value: string }[])[];
  }[];
}

/** The file format 4, as terraform 1.11 writes it. */
export function renderState({ serial, lineage, resources, outputs }: State): string {
  const written = resources.map(({ address, values, sensitive, tainted }) => {
    const { type, name } = splitAddress(address);
    const instance = {
      ...(tainted === true ? { status: "tainted" } : {}),
      schema_version: 0,
      attributes: values,
      sensitive_attributes: sensitive.map((value) => [{ type: "get_attr", value }]),
    };
    return { mode: "managed", type, name, provider: `provider["${providerOf(type)}"]`, instances: [instance] };
  });
  const state = {
    version: 4,
    terraform_version: "1.11.4",
    serial,
    lineage,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, one]) => [name, describeOutput(one)])),
    resources: written,
    check_results: null,
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}

/** Undefined for the empty blob that a lock leaves where no state was. */
export function parseState(bytes: Buffer | undefined): State | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const { serial, lineage, outputs, resources } = JSON.parse(bytes.toString("utf8")) as Omit<State, "resources"> & {
    readonly resources: readonly WrittenResource[];
  };
  const found = resources.flatMap(({ type, name, instances }) =>
    instances.map(({ attributes, sensitive_attributes: marks, status }) => ({
      address: `${type}.${name}`,
      values: attributes,
      sensitive: marks.flatMap(([mark]) => mark?.value ?? []),
      ...(status === "tainted" ? { tainted: true } : {}),
    })),
  );
  return { serial, lineage, outputs, resources: found };
}

export function describeOutput({ value, sensitive }: StoredOutput): Readonly<Record<string, unknown>> {
  return { ...(sensitive === true ? { sensitive } : {}), value, type: typeOf(value) };
}

export function typeOf(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return typeof value;
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return ["tuple", value.map(typeOf)];
  const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
  return ["object", Object.fromEntries(entries.map(([name, one]) => [name, typeOf(one)]))];
}

export function splitAddress(address: string): { readonly type: string; readonly name: string } {
  const [type = "", name = ""] = address.split(".");
  return { type, name };
}

export function providerOf(type: string): string {
  return type.startsWith("azurerm_") ? "registry.terraform.io/hashicorp/azurerm" : "terraform.io/builtin/terraform";
}
