import { entriesOf, fieldOf, isList, isObject, type Json, listOf, parseExactJson, textOf } from "./exact-json.ts";
import { type Parsed, refuse } from "./problem.ts";

/** What a state file holds, as far as it says whether anything would be lost with it. */
export interface StateFile {
  readonly serial: number;
  readonly lineage: string;
  readonly terraformVersion: string;
  /** Addresses of managed objects, deposed ones among them; one of many instances has its key. */
  readonly managed: readonly string[];
  /** Names of outputs. */
  readonly outputs: readonly string[];
}

const VERSION = 4;

/**
 * A state as backends keep it (errored.tfstate, a blob), of format 4. An empty text is an empty state: a plan leaves an
 * empty blob where there was none. tofu's encrypted states cannot be read, and are therefore never taken for empty.
 *
 * Problems have the code `state-unreadable`.
 */
export function readState(text: string): Parsed<StateFile> {
  if (text.trim() === "") return { value: { serial: 0, lineage: "", terraformVersion: "", managed: [], outputs: [] } };
  const state = parse(text);
  if (!isObject(state)) return refuse("state-unreadable", "The state is no JSON object.");
  if (fieldOf(state, "encrypted_data") !== undefined) {
    return refuse("state-unreadable", "The state is encrypted by tofu: only tofu can tell what is in it.");
  }
  const version = fieldOf(state, "version");
  const [serial, resources] = [fieldOf(state, "serial"), fieldOf(state, "resources")];
  if (version !== VERSION || typeof serial !== "number" || !isList(resources)) {
    return refuse(
      "state-unreadable",
      `The state has version ${JSON.stringify(version)}, expected ${VERSION} with a serial and resources.`,
    );
  }
  return {
    value: {
      serial,
      lineage: textOf(state, "lineage") ?? "",
      terraformVersion: textOf(state, "terraform_version") ?? "",
      managed: resources.flatMap(listObjects),
      outputs: entriesOf(fieldOf(state, "outputs")).map(([name]) => name),
    },
  };
}

/** Whether nothing that exists anywhere would be forgotten with the state. */
export function isEmptyState(state: StateFile): boolean {
  return state.managed.length === 0;
}

function parse(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function listObjects(resource: Json): readonly string[] {
  // What is not said to be a data source counts as managed: in doubt there is something to lose.
  if (textOf(resource, "mode") === "data") return [];
  const module = textOf(resource, "module");
  const address = [module, textOf(resource, "type"), textOf(resource, "name")]
    .filter((part) => part !== undefined)
    .join(".");
  const instances = fieldOf(resource, "instances");
  if (!isList(instances)) return [address];
  return listOf(resource, "instances").map((instance) => {
    const key = fieldOf(instance, "index_key");
    return `${address}${key === undefined || key === null ? "" : `[${JSON.stringify(key)}]`}`;
  });
}
