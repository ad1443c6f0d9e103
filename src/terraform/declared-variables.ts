import { entriesOf, fieldOf, isList, type Json, parseExactJson } from "./exact-json.ts";
import { type Block, type Body, readBody } from "./hcl/body.ts";
import { readScalar } from "./hcl/literal.ts";

export interface ConfigurationFile {
  /** Without folders: `main.tf`. */
  readonly name: string;
  readonly text: string;
}

export interface DeclaredVariable {
  readonly name: string;
  readonly sensitive: boolean;
  /** Its value is in no plan: it is asked for again at the apply. */
  readonly ephemeral: boolean;
  readonly hasDefault: boolean;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface DeclaredOutput {
  readonly name: string;
  readonly sensitive: boolean;
  readonly file: string;
  readonly line: number;
}

export interface DeclaredBackend {
  /** `azurerm`; `cloud` for a block of that name. */
  readonly type: string;
  /** What it says without being computed. */
  readonly values: Readonly<Record<string, string>>;
  readonly file: string;
  readonly line: number;
}

/** What a root module declares. */
export interface Configuration {
  readonly variables: readonly DeclaredVariable[];
  readonly outputs: readonly DeclaredOutput[];
  readonly backend: DeclaredBackend | undefined;
  /** `>= 1.9`; each file may ask for one. */
  readonly requiredVersions: readonly string[];
}

/** A block, from either syntax. */
interface Declaration {
  readonly type: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
  readonly names: readonly string[];
  readonly file: string;
  readonly line: number;
}

/**
 * Looks through the files of a folder for what its root module declares, before terraform has run: tolerant, as terraform
 * itself says what is wrong with them. Files of the same name with `.tofu` stand in front of `.tf` for tofu, and override
 * files are read last, as https://developer.hashicorp.com/terraform/language/files/override says.
 */
export function scanConfiguration(
  files: readonly ConfigurationFile[],
  product: "terraform" | "tofu" = "terraform",
): Configuration {
  const chosen = chooseFiles(files, product);
  const found = chosen.flatMap((file) => (isJson(file) ? readJson(file) : readHcl(file)));
  const merged = (type: string): readonly Declaration[] => mergeByName(found.filter((one) => one.type === type));
  const [backend] = mergeByName(
    found.filter(({ type }) => type === "backend").map((one) => ({ ...one, type: one.name, name: "" })),
    replace,
  );
  return {
    variables: merged("variable").map(({ name, values, names, file, line }) => ({
      name,
      sensitive: values.get("sensitive") === "true",
      ephemeral: values.get("ephemeral") === "true",
      hasDefault: names.includes("default"),
      file,
      line,
    })),
    outputs: merged("output").map(({ name, values, file, line }) => ({
      name,
      sensitive: values.get("sensitive") === "true",
      file,
      line,
    })),
    backend: backend && {
      type: backend.type,
      values: Object.fromEntries(backend.values),
      file: backend.file,
      line: backend.line,
    },
    requiredVersions: found.flatMap(({ type, values }) =>
      type === "terraform" ? (values.get("required_version") ?? []) : [],
    ),
  };
}

const SUFFIX = /\.(tf|tofu)(\.json)?$/;

function chooseFiles(files: readonly ConfigurationFile[], product: string): readonly ConfigurationFile[] {
  const names = new Set(files.map(({ name }) => name));
  const counts = ({ name }: ConfigurationFile): boolean => {
    // As terraform does: what editors leave, and hidden files.
    if (!SUFFIX.test(name) || /^[.#]|[~#]$/.test(name)) return false;
    if (product !== "tofu") return /\.tf(\.json)?$/.test(name);
    return /\.tofu(\.json)?$/.test(name) || !names.has(name.replace(/\.tf(\.json)?$/, ".tofu$1"));
  };
  const isOverride = ({ name }: ConfigurationFile) => /(^|_)override$/.test(name.replace(SUFFIX, ""));
  const ordered = files.filter(counts).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [...ordered.filter((file) => !isOverride(file)), ...ordered.filter(isOverride)];
}

function isJson({ name }: ConfigurationFile): boolean {
  return name.endsWith(".json");
}

/** A later block of the same name adds to the first, as an override file does. */
function mergeByName(
  declarations: readonly Declaration[],
  merge: (first: Declaration, later: Declaration) => Declaration = add,
): readonly Declaration[] {
  const merged = new Map<string, Declaration>();
  for (const one of declarations) {
    const first = merged.get(one.name);
    merged.set(one.name, first === undefined ? one : merge(first, one));
  }
  return [...merged.values()];
}

function add(first: Declaration, later: Declaration): Declaration {
  return {
    ...first,
    values: new Map([...first.values, ...later.values]),
    names: [...first.names, ...later.names],
  };
}

/** A backend is replaced as a whole. */
function replace(_first: Declaration, later: Declaration): Declaration {
  return later;
}

function readHcl({ name: file, text }: ConfigurationFile): readonly Declaration[] {
  const declare = (block: Block, type: string, name: string): Declaration => ({
    type,
    name,
    ...readValues(block),
    file,
    line: block.line,
  });
  return readBody(text).blocks.flatMap((block) => {
    const [label] = block.labels;
    if (block.type !== "terraform") return label === undefined ? [] : [declare(block, block.type, label)];
    return [
      declare(block, "terraform", ""),
      ...block.blocks.flatMap((inner) => {
        const type = inner.type === "cloud" ? "cloud" : inner.type === "backend" ? inner.labels[0] : undefined;
        return type === undefined ? [] : [declare(inner, "backend", type)];
      }),
    ];
  });
}

function readValues({ attributes }: Body): Pick<Declaration, "values" | "names"> {
  const values = [...attributes].flatMap(([name, tokens]): [string, string][] => {
    const value = readScalar(tokens);
    return value === undefined ? [] : [[name, value]];
  });
  return { values: new Map(values), names: [...attributes.keys()] };
}

/** https://developer.hashicorp.com/terraform/language/syntax/json: blocks are objects, or lists of them. */
function readJson({ name: file, text }: ConfigurationFile): readonly Declaration[] {
  const root = parse(text);
  const declare = (json: Json, type: string, name: string): Declaration => ({
    type,
    name,
    values: new Map(entriesOf(json).flatMap(([field, value]) => (isScalar(value) ? [[field, String(value)]] : []))),
    names: entriesOf(json).map(([field]) => field),
    file,
    line: findLine(text, type === "terraform" ? type : name),
  });
  const named = (json: Json | undefined, type: string): readonly Declaration[] =>
    listBlocks(json).flatMap((block) =>
      entriesOf(block).flatMap(([name, one]) => listBlocks(one).map((body) => declare(body, type, name))),
    );
  return [
    ...named(fieldOf(root, "variable"), "variable"),
    ...named(fieldOf(root, "output"), "output"),
    ...listBlocks(fieldOf(root, "terraform")).flatMap((block) => [
      declare(block, "terraform", ""),
      ...named(fieldOf(block, "backend"), "backend"),
      ...listBlocks(fieldOf(block, "cloud")).map((cloud) => declare(cloud, "backend", "cloud")),
    ]),
  ];
}

function parse(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

function listBlocks(json: Json | undefined): readonly Json[] {
  return json === undefined ? [] : isList(json) ? json : [json];
}

function isScalar(value: Json): boolean {
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number";
}

function findLine(text: string, name: string): number {
  const at = text.search(new RegExp(`"${name.replace(/[^\w-]/g, ".")}"\\s*:`));
  return text.slice(0, Math.max(0, at)).split("\n").length;
}
