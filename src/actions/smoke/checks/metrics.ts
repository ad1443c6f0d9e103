import { judgeMetrics, tellMetrics } from "../../../smoke/judge-metrics.ts";
import { parsePrometheusText } from "../../../smoke/prometheus-text.ts";
import type { Metrics } from "../../../smoke/spec/checks/metrics.ts";
import { shorten } from "../../../smoke/tell-value.ts";
import type { Checker, Look } from "../look.ts";
import { askPlace, listBehind } from "../reach.ts";
import type { Scope } from "../scope.ts";
import { lookUnreached } from "../unreached.ts";
import type { HttpAnswer } from "../world.ts";

const LONGEST_MS = 10_000;
const LONGEST_PROBLEM = 200;

/** What an endpoint in Prometheus' text form says. */
export const metricsChecker: Checker<"metrics"> = {
  begin: (check, scope) => {
    const expected = tellMetrics(check);
    return { look: () => look(check, expected, scope).catch((error: unknown) => lookUnreached(error, expected)) };
  },
};

async function look(check: Metrics, expected: string, scope: Scope): Promise<Look> {
  const { url, route, requestHeaders = {} } = check;
  const { answer, told } = await askPlace(
    {
      url,
      route,
      method: "GET",
      headers: { accept: "text/plain;version=0.0.4, */*;q=0.1", ...lowerCase(requestHeaders) },
      body: undefined,
      followRedirects: false,
      timeoutMs: Math.min(scope.left(), LONGEST_MS),
      needsCertificate: false,
    },
    scope,
  );
  const { state, seen } = judge(check, answer);
  const all = { expected, seen: scope.world.redact(told === "" ? seen : `${seen} (${told})`) };
  if (state === "holds") return { state, ...all };
  return { state, ...all, involved: await listBehind(url, scope) };
}

/** What is no whole page of metrics has nothing in which something could be missing. */
function judge(check: Metrics, answer: HttpAnswer): Pick<Look, "state" | "seen"> {
  if (answer.status !== 200) return { state: "unseen", seen: `status ${answer.status}` };
  if (answer.cut) return { state: "unseen", seen: "more than 1 MiB of metrics, of which only the beginning was read" };
  const read = parsePrometheusText(answer.body);
  if ("problems" in read) {
    return { state: "unseen", seen: shorten(`no metrics: ${read.problems[0] ?? ""}`, LONGEST_PROBLEM) };
  }
  const { holds, seen } = judgeMetrics(check, read.value);
  return { state: holds ? "holds" : read.value.length === 0 ? "unseen" : "not-yet", seen };
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
