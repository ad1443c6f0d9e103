import { createHash } from "node:crypto";
import { isSecretSetting, stripCredentials } from "./backend-secrets.ts";
import { entriesOf, fieldOf, type Json, parseExactJson, renderCanonicalJson, textOf } from "./exact-json.ts";
import { type Parsed, refuse } from "./problem.ts";

/** Where an azurerm backend keeps a state. */
export interface AzureStatePlace {
  readonly account: string;
  readonly container: string;
  readonly key: string;
  /** The blob of the workspace: `<key>`, or `<key>env:<workspace>`. */
  readonly blob: string;
}

/** Where a state is kept. */
export interface StatePlace {
  /** `azurerm`, `local`, `http`, … */
  readonly type: string;
  /** For people and for a plan's binding, without secrets: `azurerm/<account>/<container>/<key>`. */
  readonly backend: string;
  readonly azure: AzureStatePlace | undefined;
}

const DEFAULT = "default";

/**
 * Where the state is, from `.terraform/terraform.tfstate`, in which `terraform init` keeps the backend's settings; with an
 * empty text, as without a backend block, it is the file terraform.tfstate.
 *
 * Problems have the code `state-unreadable`.
 */
export function readStatePlace(text: string, workspace: string): Parsed<StatePlace> {
  const json = text.trim() === "" ? {} : parse(text);
  if (json === undefined)
    return refuse("state-unreadable", `.terraform/terraform.tfstate is no JSON. Run "init" again.`);
  const backend = fieldOf(json, "backend");
  const type = textOf(backend, "type") ?? "local";
  const config = fieldOf(backend, "config");
  return { value: { type, ...describe(type, config, workspace) } };
}

function parse(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function describe(type: string, config: Json | undefined, workspace: string): Omit<StatePlace, "type"> {
  const azure = type === "azurerm" ? readAzure(config, workspace) : undefined;
  if (azure !== undefined) return { backend: `azurerm/${azure.account}/${azure.container}/${azure.key}`, azure };
  if (type === "local") return { backend: `local/${textOf(config, "path") ?? "terraform.tfstate"}`, azure };
  const address = textOf(config, "address");
  if (type === "http" && address !== undefined) return { backend: `http/${stripCredentials(address)}`, azure };
  return { backend: `${type}/${digestSettings(config)}`, azure };
}

function readAzure(config: Json | undefined, workspace: string): AzureStatePlace | undefined {
  const account = textOf(config, "storage_account_name");
  const container = textOf(config, "container_name");
  const key = textOf(config, "key");
  if (account === undefined || container === undefined || key === undefined) return undefined;
  return { account, container, key, blob: workspace === DEFAULT ? key : `${key}env:${workspace}` };
}

/** Stands for the settings of a backend that nobody here knows, whatever its secrets are. */
function digestSettings(config: Json | undefined): string {
  const settings = entriesOf(config).flatMap(([name, value]): [string, Json][] => {
    const settled = typeof value === "string" ? stripCredentials(value) : value;
    // An address with a password in it is a place all the same, as a database's.
    return value === null || (isSecretSetting(name) && settled === value) ? [] : [[name, settled]];
  });
  return createHash("sha256")
    .update(renderCanonicalJson(Object.fromEntries(settings)))
    .digest("hex")
    .slice(0, 16);
}
