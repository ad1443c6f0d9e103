import { type Import, listImports } from "../imports.ts";

/** A layer of src: who belongs to it, and what it may import. */
interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** What may be there when the program runs. */
  readonly values: RegExp;
  /** What may be named in types besides. */
  readonly types: RegExp;
}

const ADAPTERS = "azure|docker|github|kubernetes|nats|network|registry";
const DOMAIN = `(?!kit/|actions/|(?:${ADAPTERS})/)[\\w-]+/`;
/** Node's modules that only calculate: no file, no network, no process. */
const CALCULATING = "node:(?:crypto|path|url|util|vm)$";

const adapter = (folder: string, packages: string): Layer => ({
  name: `src/${folder}`,
  files: new RegExp(`^src/${folder}/`),
  values: new RegExp(`^(?:node:|${packages}|src/kit/|src/${folder}/|src/${DOMAIN})`),
  types: /^src\//,
});

/** The first layer that a file belongs to counts. */
const LAYERS: readonly Layer[] = [
  { name: "src/all.ts", files: /^src\/all\.ts$/, values: /^src\/actions\//, types: /(?!)/ },
  {
    name: "src/kit",
    files: /^src\/kit\//,
    values: /^(?:node:|@actions\/(?:core|exec|io)$|yaml$|src\/kit\/)/,
    types: /(?!)/,
  },
  adapter("azure", "@azure/"),
  // The docker CLI and buildx, and the credentials that they are given.
  adapter("docker", "tar-stream$"),
  adapter("github", "@actions/github$|@octokit/"),
  adapter("kubernetes", "@kubernetes/|ws$|yaml$"),
  adapter("nats", "@nats-io/"),
  // HTTP, TCP, TLS and DNS of what was deployed.
  adapter("network", "dns-packet$|undici$"),
  // The OCI distribution protocol, whoever's registry it is.
  adapter("registry", "@azure/core-rest-pipeline$|tar-stream$"),
  {
    name: "the connecting files of actions",
    files: /^src\/actions\/(?:[^/]+|[^/]+\/(?:index|post|background|plugin|connect[\w-]*))\.ts$/,
    values: /^(?:node:|src\/(?!all\.ts))/,
    types: /^src\//,
  },
  {
    name: "the logic of actions",
    files: /^src\/actions\//,
    values: new RegExp(`^(?:node:|src/kit/|src/actions/|src/${DOMAIN})`),
    types: /^src\//,
  },
  {
    name: "a domain",
    files: /^src\/[^/]+\//,
    // How text becomes a word that is safe to paste, what `*` means, and which name was meant, are one question each
    // wherever they are asked.
    values: new RegExp(
      `^(?:${CALCULATING}|croner$|yaml$|semver$|dockerfile-ast$|@balena/dockerignore$|valibot$|json-p3$|@jmespath-community/jmespath$|src/(?:paste|spelling|wildcard)/)`,
    ),
    types: /^src\//,
  },
];

/** The imports of a source that its layer may not have, as `path:line: rule`. */
export function checkLayer(path: string, text: string): readonly string[] {
  const layer = LAYERS.find(({ files }) => files.test(path));
  if (layer === undefined) return [`${path}:1: belongs to no layer of src (architecture.md, Folders)`];
  const allowed = ({ target, typesOnly }: Import): boolean =>
    layer.values.test(target) || sameDomain(layer, path, target) || (typesOnly && layer.types.test(target));
  return listImports(path, text)
    .filter((each) => !allowed(each))
    .map(
      ({ line, target, typesOnly }) =>
        `${path}:${line}: ${layer.name} may not import ${typesOnly ? "types of " : ""}${target}`,
    );
}

function sameDomain(layer: Layer, path: string, target: string): boolean {
  return layer.name === "a domain" && target.startsWith(path.split("/").slice(0, 2).join("/").concat("/"));
}

/** What makes a result differ from run to run, and comes in through the world instead. */
const WORLDLY =
  /\b(?:Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|setTimeout\(|setInterval\(|fetch\(|process\.)/;
const PURE = new RegExp(`^src/(?:${DOMAIN}|actions/[^/]+/(?!index|post|background|plugin|connect))`);

/** Logic that asks the machine instead of its world, as `path:line: rule`. */
export function checkWorldly(path: string, text: string): readonly string[] {
  if (!PURE.test(path)) return [];
  return text.split("\n").flatMap((line, index) => {
    const [, found = ""] = new RegExp(`^(?!\\s*(?://|\\*|/\\*)).*?(${WORLDLY.source})`).exec(line) ?? [];
    return found === "" ? [] : [`${path}:${index + 1}: ${found} comes in through the world`];
  });
}
