import { shellQuote } from "../../paste/quote.ts";
import { type FaultRow, placeTemplate } from "./fault-row.ts";

const RENDER_FIX = "see what the template gets: helm template, with the same values and --debug";

/** What is wrong with a chart or its values: known before anything is sent to a cluster. */
export const CHART_FAULTS: readonly FaultRow[] = [
  {
    code: "values-invalid",
    words: /values don't meet the specifications of the schema\(s\) in the following chart\(s\):\s*([\s\S]*)/,
    explain: ([lines = ""]) => {
      const said = lines.split("\n").map((line) => line.trim());
      const faults = said.filter((line) => line.startsWith("- ")).map((line) => line.slice(2));
      return {
        message: `The values break the chart's schema: ${(faults.length > 0 ? faults : said).join("; ")}`,
        fix: "correct these values, or the chart's values.schema.json",
      };
    },
  },
  {
    code: "chart-render-failed",
    words: /(execution|parse) error at \(([^():]+\/[^():]+):(\d+)(?::(\d+))?\): ([\s\S]*)/,
    explain: ([kind, template = "", line, column, why = ""], { chart }) => ({
      message: `${template}:${line}: ${why.trim()}`,
      // What a template fails with of its own will (fail, required) is for who gives the values.
      fix: kind === "execution" ? "give the values that the template asks for" : "mend the template",
      ...placeTemplate(template, chart, { line, column }),
    }),
  },
  {
    code: "chart-render-failed",
    words: /executing "[^"]*" at </,
    explain: (_, { said, chart }) => {
      // The last place is the innermost: a helper's, where an include led there.
      const { template, line, column, expression, why } = listExecutions(said).at(-1) ?? NOWHERE;
      return {
        message: `${template}:${line}: {{ ${expression} }}: ${why}`,
        fix: /nil pointer|can't evaluate field/.test(why)
          ? "give a value there, or let the template do without one (default, dig, with)"
          : RENDER_FIX,
        ...placeTemplate(template, chart, { line, column }),
      };
    },
  },
  {
    code: "chart-render-failed",
    words: /YAML parse error on ([^\s:]+): (?:error converting YAML to JSON: )?(?:yaml: )?(?:line (\d+): )?([^\n]*)/,
    explain: ([template = "", line = "", why], { chart }) => ({
      message: `${template} renders to no YAML${line === "" ? "" : `, in line ${line} of what it renders to`}: ${why}`,
      fix: "mend its indentation and quotes (nindent, quote); helm template --debug shows what it renders to",
      // The line is of the rendered text: the template has others.
      ...placeTemplate(template, chart),
    }),
  },
  {
    code: "chart-dependency-missing",
    words: /missing in charts\/ directory: ([^\n]*)/,
    explain: ([names], { chart }) => ({
      message: `The chart needs other charts that are not in its folder charts: ${names}`,
      fix: `helm dependency build ${chart === undefined ? "<the chart's folder>" : shellQuote(chart)} in a step before, or commit them`,
    }),
  },
  {
    code: "chart-kube-version",
    words: /chart requires kubeVersion: (.*?) which is incompatible with Kubernetes (\S+)/,
    explain: ([wanted, got]) => ({
      message: `The chart is for Kubernetes ${wanted}, and the cluster has ${got}`,
      fix: "take another version of the chart, upgrade the cluster, or mend kubeVersion in Chart.yaml",
    }),
  },
  {
    code: "chart-invalid",
    words: /cannot load (Chart|values|Chart\.lock)(?:\.yaml)?: ([^\n]*)/,
    explain: ([name, why = ""], { chart }) => {
      const file = name === "Chart.lock" ? name : `${name}.yaml`;
      const [, line] = /line (\d+):/.exec(why) ?? [];
      return {
        message: `${file} of the chart is no YAML: ${why.replace(/^(?:.*: )?yaml: /, "")}`,
        fix: `mend ${file}`,
        ...placeTemplate(`chart/${file}`, chart, { line }),
      };
    },
  },
  {
    code: "chart-invalid",
    words:
      /(library charts are not installable|validation: chart\.metadata[^\n]*|does not appear to be a gzipped archive|chart file "[^"]*" is larger than[^\n]*|invalid chart[^\n]*|values\.schema\.json[^\n]*)/i,
    explain: ([why]) => ({ message: `The chart cannot be used: ${why}`, fix: "see what is wrong with it: helm lint" }),
  },
  {
    code: "chart-missing",
    words:
      /(path "[^"]*" not found|Chart\.yaml file is missing|unable to detect chart at [^\n]*|chart "[^"]*"(?: (?:version|matching) "?[^"\n]*"?)? not found in [^\n]*|repo \S+ not found|unable to locate any tags in provided repository[^\n]*|could not locate a version matching[^\n]*|failed to perform "\w+" on source: [^\n]*: not found|response status code 404[^\n]*)/i,
    explain: ([why]) => ({
      message: `There is no such chart: ${why}`,
      fix: "check chart, chart-repository and version; for a folder, that the job has checked the repository out",
    }),
  },
  {
    code: "chart-denied",
    words:
      /((?:unexpected status from \w+ request to|response status code|failed to fetch|failed to authorize)[^\n]*\b(?:401|403|denied|unauthorized)\b[^\n]*)/i,
    explain: ([why]) => ({
      message: `The registry does not give the chart to this login: ${why}`,
      fix: "log in to it before, and give the identity the role that pulls (AcrPull)",
    }),
  },
  {
    code: "chart-unreachable",
    words:
      /(looks like "[^"]*" is not a valid chart repository or cannot be reached[^\n]*|failed to perform "\w+" on source[^\n]*|(?:Get|Head) "https?:\/\/[^"]*\/(?:v2\/|index\.yaml)[^\n]*|unexpected status from \w+ request to [^\n]*\/v2\/[^\n]*)/,
    explain: ([why]) => ({
      message: `The chart could not be had: ${why}`,
      fix: "check the address, and whether this machine reaches it",
    }),
  },
  {
    code: "values-unreadable",
    words:
      /failed to parse ([^\n]*?): (?:cannot unmarshal yaml document: )?(?:error converting YAML to JSON: )?yaml: (?:line (\d+): )?([^\n]*)/,
    explain: ([file = "", line = "", why]) => ({
      message: `${file} is no YAML: ${why}`,
      fix: "mend it",
      place: { file, ...(line === "" ? {} : { line: Number(line) }) },
    }),
  },
  {
    code: "set-invalid",
    words: /(failed parsing --(set[a-z-]*) data[^\n]*)/,
    explain: ([why, flag]) => ({
      message: `A line of ${flag} cannot be read: ${why}`,
      fix: `write key=value, with a backslash before a comma that belongs to the value`,
    }),
  },
  {
    code: "values-unreadable",
    words: /^(?:Error: )?open ([^\n]*): no such file or directory/,
    explain: ([file]) => ({ message: `There is no file ${file}`, fix: "check values, and that the job has it" }),
  },
];

interface Execution {
  readonly template: string;
  readonly line: string;
  readonly column: string;
  readonly expression: string;
  readonly why: string;
}

const NOWHERE: Execution = { template: "a template", line: "?", column: "", expression: "", why: "" };

/** Where Go's templates were when they failed, outermost first: on one line in helm 3, on three in helm 4. */
function listExecutions(said: string): readonly Execution[] {
  const place = /([^\s:"<>]+\/[^\s:"<>]+):(\d+):(\d+)(?::|\n) *executing "[^"\n]*" at <(.*?)>:/g;
  const found = [...said.matchAll(place)];
  return found.map((one, index) => {
    const [whole, template = "", line = "", column = "", expression = ""] = one;
    const why = said.slice(one.index + whole.length, found[index + 1]?.index ?? said.length);
    return { template, line, column, expression, why: why.replace(/\s+/g, " ").trim() };
  });
}
