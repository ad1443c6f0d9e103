import { readFileSync } from "node:fs";
import { parseDocument, type YAMLError } from "yaml";

type Fields = Readonly<Record<string, unknown>>;

/** One file of a kubeconfig, as it is written. */
export interface ConfigFile {
  readonly path: string;
  /** Empty where the file names none. */
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Fields>;
  readonly contexts: ReadonlyMap<string, Fields>;
  readonly users: ReadonlyMap<string, Fields>;
  /** Why it cannot be read. */
  readonly problems: readonly string[];
}

/** Never throws: what is wrong is in the result, so that all files are told of at once. No text of the file is quoted. */
export function readConfigFile(path: string): ConfigFile {
  const nothing = { path, currentContext: "", clusters: new Map(), contexts: new Map(), users: new Map() };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { ...nothing, problems: [`${path} cannot be read: ${error instanceof Error ? error.message : error}`] };
  }
  const { fault, value } = parse(text);
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line;
    return { ...nothing, problems: [`${path}${line === undefined ? "" : `, line ${line}`}: not YAML (${fault.code})`] };
  }
  const config = toFields(value);
  if (config === undefined)
    return { ...nothing, problems: [`${path}: a kubeconfig is a YAML mapping with clusters, contexts and users`] };
  const current = config["current-context"];
  return {
    path,
    currentContext: typeof current === "string" ? current : "",
    clusters: readNamed(config["clusters"], "cluster"),
    contexts: readNamed(config["contexts"], "context"),
    users: readNamed(config["users"], "user"),
    problems: [],
  };
}

interface Parsed {
  readonly fault: YAMLError | undefined;
  readonly value: unknown;
}

/** What was parsed last: a step connects to its cluster several times, and a file takes up to 20 ms. */
let last: { readonly text: string; readonly parsed: Parsed } | undefined;

function parse(text: string): Parsed {
  if (last?.text === text) return last.parsed;
  const document = parseDocument(text, { prettyErrors: true, logLevel: "silent" });
  const [fault] = document.errors;
  const parsed = { fault, value: fault === undefined ? document.toJS({ maxAliasCount: 100 }) : undefined };
  last = { text, parsed };
  return parsed;
}

/** `[{ name, <key>: fields }]` by name; the first of a name counts. */
function readNamed(list: unknown, key: string): ReadonlyMap<string, Fields> {
  const named = new Map<string, Fields>();
  for (const entry of Array.isArray(list) ? list : []) {
    const fields = toFields(entry);
    const name = fields?.["name"];
    if (typeof name === "string" && !named.has(name)) named.set(name, toFields(fields?.[key]) ?? {});
  }
  return named;
}

function toFields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
