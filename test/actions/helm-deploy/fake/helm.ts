import { join } from "node:path";
import { parse } from "yaml";
import type { Helm } from "../../../../src/actions/helm-deploy/world.ts";
import { mergeTrees, putIn, type Tree } from "../../../../src/helm/value-tree.ts";
import { UserError } from "../../../../src/kit/user-error.ts";
import type { FakeChart } from "./charts.ts";
import type { FakeCluster } from "./cluster.ts";
import type { FakeFiles } from "./files.ts";
import { type FakeProcess, startProcess } from "./process.ts";
import { callRollback, callTest, callUninstall, callUpgrade } from "./release-calls.ts";
import type { FakeTime } from "./time.ts";

/** Who starts helm: a job on a machine of its own. */
export interface Starter {
  readonly files: FakeFiles;
  readonly cancelled: AbortSignal;
}

/** helm 3 or 4 in memory, as far as the action calls it, for all jobs of a test. */
export interface FakeHelm {
  major: 3 | 4;
  /** By the path, address or name that helm is given. */
  readonly charts: Map<string, FakeChart>;
  readonly calls: { readonly name: string; readonly parameters: readonly string[] }[];
  /** Whether the chart's tests fail. */
  testsFail: boolean;
  /** Whether a signal ends it before it can wind up. */
  dies: boolean;
  /** Does something whenever a call reaches a point: `upgrade.begin`, `upgrade.pending`, `rollback.waiting`, … */
  at(point: string, action: () => void): void;
  /** Lets the next call that comes to a point fail with these words. */
  fail(point: string, stderr: string): void;
  /** What runs, or ran last. */
  last(): FakeProcess | undefined;
  open(starter: Starter): Helm;
}

/** What a call has at hand. */
export interface Call {
  readonly helm: FakeHelm;
  readonly cluster: FakeCluster;
  readonly time: FakeTime;
  readonly process: FakeProcess;
  readonly interrupted: AbortSignal;
  readonly files: FakeFiles;
  /** `namespace`, `timeout`, …: the last of each. */
  readonly flags: ReadonlyMap<string, string>;
  /** Behind `--`. */
  readonly words: readonly string[];
  /** A place where tests step in. Throws what is to fail there, as `Failure`. */
  reach(point: string): void;
}

export class Failure extends Error {}

export function createHelm(cluster: FakeCluster, time: FakeTime): FakeHelm {
  const hooks: { readonly point: string; readonly action: () => void }[] = [];
  const failures = new Map<string, string>();
  let last: FakeProcess | undefined;
  const helm: FakeHelm = {
    major: 4,
    charts: new Map(),
    calls: [],
    testsFail: false,
    dies: false,
    at: (point, action) => void hooks.push({ point, action }),
    fail: (point, stderr) => void failures.set(point, stderr),
    last: () => last,
    open: ({ files, cancelled }) => ({
      version: { major: helm.major, minor: helm.major === 3 ? 18 : 1, text: helm.major === 3 ? "v3.18.4" : "v4.1.4" },
      run: async ({ name, parameters, stop }) => {
        await undefined;
        // As the adapter has it.
        if (cancelled.aborted) throw new UserError("cancelled", "The job was cancelled before helm was started.");
        helm.calls.push({ name, parameters });
        const process = startProcess(name, parameters, async ({ process: own, interrupted }) => {
          const reach = (point: string): void => {
            for (const hook of hooks) if (hook.point === point) hook.action();
            const failure = failures.get(point);
            failures.delete(point);
            if (failure !== undefined) throw new Failure(failure);
          };
          const call = { helm, cluster, time, process: own, interrupted, files, reach, ...readParameters(parameters) };
          await undefined;
          return answer(call, parameters[0] ?? "").catch((error: unknown) => {
            if (!(error instanceof Failure)) throw error;
            own.stderr += `${error.message}\n`;
            return 1;
          });
        });
        last = process;
        const interrupt = (): void => process.interrupt();
        for (const signal of [cancelled, stop]) signal?.addEventListener("abort", interrupt, { once: true });
        return process.ended;
      },
    }),
  };
  return helm;
}

function readParameters(parameters: readonly string[]): Pick<Call, "flags" | "words"> {
  const end = parameters.indexOf("--");
  const flags = parameters.slice(1, end).map((one) => {
    const [, name = "", value = ""] = /^--([\w-]+)(?:=(.*))?$/s.exec(one) ?? [];
    return [name, value] as const;
  });
  return { flags: new Map(flags), words: parameters.slice(end + 1) };
}

async function answer(call: Call, command: string): Promise<number | undefined> {
  call.reach(`${command}.begin`);
  switch (command) {
    case "pull":
      return callPull(call);
    case "template":
      call.process.stdout = renderChart(call, call.words[1] ?? "").output;
      return 0;
    case "upgrade":
      return callUpgrade(call);
    case "rollback":
      return callRollback(call);
    case "test":
      return callTest(call);
    case "uninstall":
      return callUninstall(call);
    default:
      throw new Error(`Nobody here calls helm ${command}.`);
  }
}

function callPull({ words, flags, files, helm }: Call): number {
  const given = words[0] ?? "";
  const chart = helm.charts.get(given);
  if (chart === undefined)
    throw new Failure(`Error: failed to perform "FetchReference" on source: ${given}: not found`);
  const path = join(flags.get("destination") ?? "", `${chart.name}-${chart.version}.tgz`);
  files.put(path, "a chart");
  helm.charts.set(path, chart);
  return 0;
}

/** A chart with the values that a call gives it, and what `helm template` prints of it. */
export function renderChart(call: Call, path: string) {
  const chart = call.helm.charts.get(path);
  if (chart === undefined) throw new Failure(`Error: path "${path}" not found`);
  const values = readValues(call);
  const manifest = chart.render(values);
  return { chart, values, manifest, output: `${chart.crds ?? ""}${manifest}` };
}

/** In helm's order: files, then what stands on the line. */
function readValues({ process, files }: Call): Tree {
  const given = (flag: string): readonly string[] =>
    process.parameters.filter((one) => one.startsWith(`--${flag}=`)).map((one) => one.slice(flag.length + 3));
  const put = (tree: Tree, line: string, read: (text: string) => unknown): Tree => {
    const at = line.indexOf("=");
    return mergeTrees(tree, putIn({}, line.slice(0, at).split("."), read(line.slice(at + 1))));
  };
  let values: Tree = {};
  for (const path of given("values")) values = mergeTrees(values, parse(files.all.get(path)?.content ?? "") as Tree);
  for (const line of given("set")) values = put(values, line, (text) => (/^\d+$/.test(text) ? Number(text) : text));
  for (const line of given("set-string")) values = put(values, line, (text) => text);
  for (const line of given("set-file"))
    values = put(values, line, (text) => files.all.get(files.resolve(text))?.content);
  for (const line of given("set-json")) values = put(values, line, (text) => JSON.parse(text) as unknown);
  return values;
}
