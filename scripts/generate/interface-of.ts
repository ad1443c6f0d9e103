import { parse } from "yaml";

/** One row of a README table. */
export interface Entry {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly default: string | undefined;
  /** What the value looks like: a kind of input.ts, or the type of a workflow's input. Unknown for composites. */
  readonly kind: string | undefined;
  readonly deprecated: boolean;
}

/** What a YAML file offers to those who call it. */
export interface Interface {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Entry[];
  readonly secrets: readonly Entry[];
  readonly outputs: readonly Entry[];
}

/** The words for the kinds of an action's inputs, where its spec knows them. */
export type Kinds = Readonly<Record<string, string>>;

type Tree = Readonly<Record<string, unknown>>;

/** The interface of an action.yml. */
export function parseAction(text: string, kinds: Kinds = {}): Interface {
  const root = asTree(parse(text));
  return {
    name: asText(root["name"]),
    description: asText(root["description"]),
    inputs: listEntries(root["inputs"], kinds),
    secrets: [],
    outputs: listEntries(root["outputs"]),
  };
}

/** The interface of a reusable workflow; undefined when nothing can call it. */
export function parseWorkflow(text: string): Interface | undefined {
  const root = asTree(parse(text));
  const triggers = root["on"];
  if (triggers === null || typeof triggers !== "object" || !("workflow_call" in triggers)) return undefined;
  const call = asTree(triggers.workflow_call);
  return {
    name: asText(root["name"]),
    description: "",
    inputs: listEntries(call["inputs"]),
    secrets: listEntries(call["secrets"]),
    outputs: listEntries(call["outputs"]),
  };
}

function listEntries(tree: unknown, kinds: Kinds = {}): readonly Entry[] {
  return Object.entries(asTree(tree)).map(([name, value]) => {
    const fields = asTree(value);
    const type = fields["type"] === undefined ? undefined : asText(fields["type"]);
    return {
      name,
      description: asText(fields["description"]),
      required: fields["required"] === true,
      default: fields["default"] === undefined ? undefined : asText(fields["default"]),
      kind: kinds[name] ?? type,
      deprecated: fields["deprecationMessage"] !== undefined,
    };
  });
}

function asTree(value: unknown): Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Tree) : {};
}

function asText(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}
