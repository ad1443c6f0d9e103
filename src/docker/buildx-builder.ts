/** A builder of buildx, and what can be asked of it. */
export interface BuildxBuilder {
  readonly name: string;
  /** `docker`, `docker-container`, `kubernetes`, `remote`, `cloud`; undefined when buildx could not find out. */
  readonly driver: string | undefined;
  readonly nodes: readonly BuildxNode[];
  /** Why it cannot be used, in buildx's words; undefined when it can. */
  readonly fault: string | undefined;
  /** False for one that is made but has not started: buildx starts it at the first build, or `bootBuilder` before. */
  readonly booted: boolean;
  /**
   * Whether it can export an image for several platforms. What it emulates is in its nodes' platforms, which are known
   * once it has booted.
   */
  readonly severalPlatforms: boolean;
  /** Whether it can push without a tag; one of several nodes then merges under a tag all the same. */
  readonly pushByDigest: boolean;
  /** Whether it can write a cache elsewhere than into the image. */
  readonly cacheExport: boolean;
  /** Whether it can attest provenance and a bill of materials. */
  readonly attestations: boolean;
}

export interface BuildxNode {
  readonly name: string;
  readonly endpoint: string | undefined;
  /** `running`, `inactive`, `stopped` … */
  readonly status: string | undefined;
  /** `v0.32.2`; undefined until it has booted. */
  readonly buildkitVersion: string | undefined;
  /** `linux/amd64`; empty until it has booted. */
  readonly platforms: readonly string[];
  readonly fault: string | undefined;
}

/** What buildx calls the features, when it is asked with `DEBUG=1`. */
const SEVERAL_PLATFORMS = "Multi-platform build";
const CACHE_EXPORT = "Cache export";
/** BuildKit attests since this minor version. */
const ATTESTS_SINCE = 11;

/**
 * Reads what `docker buildx inspect` prints for people: it has no other form
 * (https://github.com/docker/buildx/blob/master/commands/inspect.go). Features that it does not name, as before 0.11,
 * go by the driver: that of the engine itself has them only with the containerd image store. Undefined when the text
 * describes no builder.
 */
export function parseBuilder(text: string): BuildxBuilder | undefined {
  const [head = {}, ...nodes] = listSections(text);
  const name = head["Name"];
  if (name === undefined) return undefined;
  const driver = head["Driver"] || undefined;
  const read = nodes.map(readNode);
  const faults = read.map(({ fault }) => fault);
  const can = (feature: string): boolean =>
    nodes.length > 0 && nodes.every((node) => (node[feature] ?? String(driver !== "docker")) === "true");
  const severalPlatforms = can(SEVERAL_PLATFORMS);
  return {
    name,
    driver,
    nodes: read,
    fault: head["Error"] ?? (faults.every((fault) => fault !== undefined) ? faults[0] : undefined),
    booted: read.length > 0 && read.every(({ status }) => status === "running"),
    severalPlatforms,
    pushByDigest: driver !== undefined && driver !== "docker",
    cacheExport: can(CACHE_EXPORT),
    attestations: severalPlatforms && read.every(({ buildkitVersion }) => attests(buildkitVersion)),
  };
}

type Section = Readonly<Record<string, string>>;

/** The builder's fields, then those of each node; features stand among a node's as `true` or `false`. */
function listSections(text: string): readonly Section[] {
  const sections: Record<string, string>[] = [{}];
  let inNodes = false;
  let list = "";
  for (const line of text.split("\n")) {
    const [, indent, key = "", value = ""] = /^(\s*)([A-Z][^:]*):\s*(.*?)\s*$/.exec(line) ?? [];
    if (indent === undefined) continue;
    if (indent === "") list = value === "" ? key : "";
    if (key === "Nodes" && indent === "" && value === "") inNodes = true;
    else if (inNodes && key === "Name" && indent === "") sections.push({ Name: value });
    else if (indent === "" || list === "Features") {
      // The first counts: a label may be called like a field.
      const section = sections.at(-1);
      if (section !== undefined && !(key in section)) section[key] = value;
    }
  }
  return sections;
}

function readNode(section: Section): BuildxNode {
  const platforms = (section["Platforms"] ?? "").split(",").map((platform) => platform.trim().replace(/\*$/, ""));
  return {
    name: section["Name"] ?? "",
    endpoint: section["Endpoint"],
    status: section["Status"],
    buildkitVersion: section["BuildKit version"] ?? section["Buildkit"],
    platforms: platforms.filter((platform) => platform !== ""),
    fault: section["Error"],
  };
}

/** A version that is not known is no older than the buildx that starts it. */
function attests(version: string | undefined): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? "") ?? [];
  return minor === undefined || Number(major) > 0 || Number(minor) >= ATTESTS_SINCE;
}
