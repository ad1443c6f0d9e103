/** A resource as the configuration wants it. */
export interface Desired {
  /** `azurerm_resource_group.this`; no modules, no keys. */
  readonly address: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Names of sensitive attributes. */
  readonly sensitive?: readonly string[];
  /** Names whose change forces a replacement. */
  readonly forcesNew?: readonly string[];
  /** The tag `expires-at` stands in `ignore_changes`, as in the module. */
  readonly ignoresExpiry?: true;
}

export type Variables = Readonly<Record<string, unknown>>;

export interface Configuration {
  readonly variables?: Readonly<Record<string, { readonly sensitive?: true; readonly default?: unknown }>>;
  resources(variables: Variables): readonly Desired[];
  outputs?(variables: Variables): Readonly<Record<string, { readonly value: unknown; readonly sensitive?: true }>>;
}

/** The files of it, as far as anybody but terraform reads them. */
export function renderConfiguration(configuration: Configuration, backend: "azurerm" | "local"): string {
  const variables = Object.entries(configuration.variables ?? {}).map(([name, { sensitive, ...one }]) =>
    [
      `variable "${name}" {`,
      ...(sensitive === true ? ["  sensitive = true"] : []),
      ...("default" in one ? [`  default = ${JSON.stringify(one.default)}`] : []),
      "}",
    ].join("\n"),
  );
  const outputs = Object.entries(configuration.outputs?.({}) ?? {}).map(
    ([name, { sensitive = false }]) => `output "${name}" {\n  sensitive = ${sensitive}\n}`,
  );
  return `terraform {\n  backend "${backend}" {}\n}\n${[...variables, ...outputs].join("\n")}\n`;
}
