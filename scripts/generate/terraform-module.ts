import { type Block, readBody } from "../../src/terraform/hcl/body.ts";
import { readScalar } from "../../src/terraform/hcl/literal.ts";
import type { Token } from "../../src/terraform/hcl/tokens.ts";
import type { Entry, Interface } from "./interface-of.ts";

/** What a terraform module offers: its variables as inputs, and its outputs. */
export function parseTerraformModule(name: string, variables: string, outputs: string): Interface {
  return {
    name,
    description: "",
    inputs: blocksOf(variables, "variable").map(readVariable),
    secrets: [],
    outputs: blocksOf(outputs, "output").map((block) => entryOf(block)),
  };
}

function blocksOf(text: string, type: string): readonly Block[] {
  return readBody(text).blocks.filter((block) => block.type === type);
}

function readVariable(block: Block): Entry {
  const preset = block.attributes.get("default");
  const type = block.attributes.get("type");
  return {
    ...entryOf(block),
    required: preset === undefined,
    default: preset === undefined ? undefined : sourceOf(preset),
    kind: type === undefined ? "any" : shorten(sourceOf(type)),
  };
}

function entryOf({ labels, attributes }: Block): Entry {
  const description = readScalar(attributes.get("description"));
  return {
    name: labels[0] ?? "",
    description: description ?? "",
    required: false,
    default: undefined,
    kind: undefined,
    deprecated: false,
  };
}

/** An expression on one line, as terraform's formatter would set it. */
function sourceOf(tokens: readonly Token[]): string {
  const text = tokens
    .filter((token) => token.kind !== "line")
    .map((token) => token.source)
    .join(" ");
  return text
    .replace(/ ?([()[\]]) ?/g, "$1")
    .replace(/ (,)/g, "$1")
    .replace("{ }", "{}");
}

/** `map(object)`: what is in an object is said by the description. */
function shorten(type: string): string {
  return type.replace(/object\(\{.*\}\)/, "object");
}
