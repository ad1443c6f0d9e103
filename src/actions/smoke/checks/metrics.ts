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
  const { holds, seen } = judge(check, answer);
  const all = { expected, seen: scope.world.redact(told === "" ? seen : `${seen} (${told})`) };
  if (holds) return { state: "holds", ...all };
  return { state: "not-yet", ...all, involved: await listBehind(url, scope) };
}

function judge(check: Metrics, answer: HttpAnswer): { readonly holds: boolean; readonly seen: string } {
  if (answer.status !== 200) return { holds: false, seen: `status ${answer.status}` };
  if (answer.cut) return { holds: false, seen: "more than 1 MiB of metrics, of which only the beginning was read" };
  const read = parsePrometheusText(answer.body);
  if ("value" in read) return judgeMetrics(check, read.value);
  return { holds: false, seen: shorten(`no metrics: ${read.problems[0] ?? ""}`, LONGEST_PROBLEM) };
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
