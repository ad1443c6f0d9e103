import { type Parsed, refuse } from "./problem.ts";

/** Where a chart is. */
export type Chart = ChartPlace & {
  /** As it was written. */
  readonly given: string;
};

type ChartPlace =
  /** On this machine; never a name that helm would look up in a list of repositories. */
  | { readonly kind: "folder" | "archive"; readonly path: string }
  /** An address of a `.tgz`. */
  | { readonly kind: "url"; readonly url: string }
  /** With its tag or digest, if it has one: `oci://mayfly.azurecr.io/charts/app:1.2.3`. */
  | { readonly kind: "oci"; readonly reference: string }
  | { readonly kind: "repository"; readonly url: string; readonly name: string };

const CHART_NAME = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
const ARCHIVE = /\.(?:tgz|tar\.gz)$/i;
const OCI =
  /^oci:\/\/[a-zA-Z0-9.-]+(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/**
 * The chart that an input names: a folder, a `.tgz` (a path or an address), `oci://…`, or a repository and a chart's
 * name (`https://charts.example.com app`, or the name alone with the repository beside it).
 *
 * Problems have the code `chart-reference-invalid`.
 */
export function parseChart(text: string, repository?: string): Parsed<Chart> {
  const given = text.trim();
  const place = parsePlace(given, repository ?? "");
  if (typeof place !== "string") return { value: { ...place, given } };
  return refuse("chart-reference-invalid", place);
}

/** The place, or why it is none. */
function parsePlace(text: string, repository: string): ChartPlace | string {
  if (text === "" || /\p{Cc}/u.test(text)) {
    return "expected a folder, a .tgz, oci://…, or a repository's address and a chart's name";
  }
  if (repository !== "") return parseInRepository(text, repository);
  if (/^oci:/i.test(text)) {
    if (OCI.test(text)) return { kind: "oci", reference: text };
    return `expected oci://<registry>/<repository>, with a tag or a whole digest if any, got ${JSON.stringify(text)}`;
  }
  const [, url, name] = /^(https?:\/\/\S+)\s+(\S+)$/i.exec(text) ?? [];
  if (url !== undefined && name !== undefined) return parseInRepository(name, url);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    if (!isWebAddress(text) || !ARCHIVE.test(new URL(text).pathname)) {
      return "expected an address that ends in .tgz, or a repository's address and a chart's name";
    }
    return holdsLogin(text) ? LOGIN : { kind: "url", url: text };
  }
  // Without ./ helm takes "a/b" for the chart b of a repository a that this machine happens to know.
  const path = /^(?:\/|\.{1,2}(?:\/|$)|[A-Za-z]:[\\/])/.test(text) ? text : `./${text}`;
  return { kind: ARCHIVE.test(text) ? "archive" : "folder", path };
}

const LOGIN = "the address holds a login, which would be printed: leave it out";

function parseInRepository(name: string, url: string): ChartPlace | string {
  if (/^oci:/i.test(url)) return `a registry's chart is named in one piece: ${url.replace(/\/+$/, "")}/${name}`;
  if (!isWebAddress(url)) return `expected a repository that begins with https://, got ${JSON.stringify(url)}`;
  if (holdsLogin(url)) return LOGIN;
  if (CHART_NAME.test(name)) return { kind: "repository", url, name };
  return `expected the name of a chart in ${url}, such as keda, got ${JSON.stringify(name)}`;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

function holdsLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

/**
 * Why a version does not go with a chart; undefined when it does. Helm itself says nothing of a version that it does
 * not use.
 */
export function findChartVersionFault(version: string, chart: Chart): string | undefined {
  if (!/^[\w.+^~<>=|,* -]+$/.test(version) || /^[-\s]/.test(version)) {
    return `expected a version or a range, such as 1.2.3 or ^1.2, got ${JSON.stringify(version)}`;
  }
  if (chart.kind === "repository") return undefined;
  if (chart.kind !== "oci") return `${chart.given} has the version of its Chart.yaml: leave ${version} out`;
  const [, tag, digest] = OCI.exec(chart.reference) ?? [];
  if (digest !== undefined) return `the digest in ${chart.given} says which it is: leave ${version} out`;
  // A tag has no "+": helm writes "_" there.
  if (tag === undefined || tag.slice(1) === version.replaceAll("+", "_")) return undefined;
  return `the tag in ${chart.given} is not ${version}: leave one of them out`;
}
