import { judgeHttp, tellHttp } from "../../../smoke/judge-http.ts";
import type { Http } from "../../../smoke/spec/checks/http.ts";
import type { Checker, Look } from "../look.ts";
import type { PlaceRequest } from "../place-request.ts";
import { askPlace, listBehind } from "../reach.ts";
import type { Scope } from "../scope.ts";
import { lookUnreached } from "../unreached.ts";

/** An answer of a web service. */
export const httpChecker: Checker<"http"> = {
  begin: (check, scope) => {
    const expected = tellHttp(check);
    return { look: () => look(check, expected, scope).catch((error: unknown) => lookUnreached(error, expected)) };
  },
};

async function look(check: Http, expected: string, scope: Scope): Promise<Look> {
  const { world } = scope;
  const { answer, told } = await askPlace(toRequest(check, scope), scope);
  const { holds, seen, captures } = judgeHttp(check, answer, { now: world.now(), redact: world.redact });
  const all = { expected, seen: told === "" ? seen : `${seen} (${told})` };
  if (holds) return { state: "holds", ...all, captures };
  const { body, jsonpath, captures: wanted } = check;
  // What was not read may be what is asked for.
  const unread = answer.cut === true && (body ?? jsonpath ?? wanted) !== undefined;
  return { state: unread ? "unseen" : "not-yet", ...all, involved: await listBehind(check.url, scope) };
}

/** One question, where no latency is asked for. */
const USUAL_MS = 10_000;

function toRequest(check: Http, scope: Scope): PlaceRequest {
  const { url, route, method, requestHeaders = {}, requestBody, followRedirects, maxLatency = 0 } = check;
  const isText = typeof requestBody === "string";
  const isTyped = Object.keys(requestHeaders).some((name) => name.toLowerCase() === "content-type");
  const type = { "content-type": isText ? "text/plain; charset=utf-8" : "application/json" };
  return {
    url,
    route,
    method,
    headers: { ...(requestBody === undefined || isTyped ? {} : type), ...requestHeaders },
    body: requestBody === undefined || isText ? requestBody : JSON.stringify(requestBody),
    followRedirects,
    timeoutMs: Math.min(scope.left(), Math.max(USUAL_MS, maxLatency)),
    needsCertificate: check.certificate !== undefined,
  };
}
