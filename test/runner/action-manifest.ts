import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./job.ts";
import { readYaml } from "./read-yaml.ts";
import { asMap, parseSteps, type YamlMap } from "./yaml-step.ts";

/** An input that an action declares. GitHub does not enforce `required`, so it is not here. */
export interface InputDeclaration {
  readonly default: string;
  readonly deprecationMessage: string | undefined;
}

/** An action of `using: node20` or `node24`. */
export interface NodeRuns {
  readonly kind: "node";
  readonly main: string;
  readonly pre: string | undefined;
  readonly preIf: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

export interface CompositeRuns {
  readonly kind: "composite";
  readonly steps: readonly Step[];
  /** Output name to template. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** What the runner takes from an action.yml. */
export interface ActionManifest {
  readonly name: string;
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  /** Names of the outputs that it declares. */
  readonly outputs: readonly string[];
  readonly runs: NodeRuns | CompositeRuns;
}

const nodeRuntimes = ["node20", "node24"];

/** Reads the action.yml (or action.yaml) of a folder; throws as GitHub does when it is missing or wrong. */
export function readManifest(folder: string): ActionManifest {
  const path = ["action.yml", "action.yaml"].map((name) => join(folder, name)).find((file) => existsSync(file));
  if (path === undefined) {
    throw new Error(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'.`);
  }
  const map = asMap(readYaml(path), path);
  const runs = asMap(map["runs"], `${path}: runs`);
  const inputs = Object.entries(asMap(map["inputs"], `${path}: inputs`)).map(([name, value]) => {
    const declaration = asMap(value, `${path}: inputs.${name}`);
    const message = declaration["deprecationMessage"];
    return [name, { default: text(declaration["default"]), deprecationMessage: optional(message) }] as const;
  });
  return {
    name: text(map["name"]),
    inputs: Object.fromEntries(inputs),
    outputs: Object.keys(asMap(map["outputs"], `${path}: outputs`)),
    runs: runs["using"] === "composite" ? parseComposite(runs, map, path) : parseNode(runs, path),
  };
}

function parseNode(runs: YamlMap, path: string): NodeRuns {
  if (!nodeRuntimes.includes(text(runs["using"]))) {
    throw new Error(
      `${path}: 'using: ${runs["using"]}' is not supported, use 'composite', 'node20' or 'node24' instead.`,
    );
  }
  if (text(runs["main"]) === "")
    throw new Error(`${path}: You are using a JavaScript Action but there is not an entry JavaScript file provided.`);
  return {
    kind: "node",
    main: text(runs["main"]),
    pre: optional(runs["pre"]),
    preIf: text(runs["pre-if"]) || "always()",
    post: optional(runs["post"]),
    postIf: text(runs["post-if"]) || "always()",
  };
}

function parseComposite(runs: YamlMap, map: YamlMap, path: string): CompositeRuns {
  const steps = parseSteps(runs["steps"], `${path}: runs.steps`);
  for (const [at, step] of steps.entries()) {
    if (step.run !== undefined && step.shell === undefined) {
      throw new Error(`${path}: runs.steps[${at}]: Required property is missing: shell`);
    }
    if (step.timeoutMinutes !== undefined) {
      throw new Error(`${path}: runs.steps[${at}]: Unexpected value 'timeout-minutes'`);
    }
  }
  const outputs = Object.entries(asMap(map["outputs"], `${path}: outputs`)).map(([name, value]) => [
    name,
    text(asMap(value, `${path}: outputs.${name}`)["value"]),
  ]);
  return { kind: "composite", steps, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const optional = (value: unknown): string | undefined => (text(value) === "" ? undefined : text(value));
