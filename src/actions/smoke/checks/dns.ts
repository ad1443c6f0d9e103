import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Dns } from "../../../smoke/spec/checks/dns.ts";
import type { Matcher, Scalar } from "../../../smoke/spec/matcher.ts";
import { tellValue } from "../../../smoke/tell-value.ts";
import type { Checker, Look } from "../look.ts";
import { dialPlace, listBehind } from "../reach.ts";
import type { Scope } from "../scope.ts";
import { lookUnreached, Unreached } from "../unreached.ts";

const CLUSTER_DNS = "service://kube-system/kube-dns:53";
const LONGEST_MS = 5_000;

/** A name resolves. */
export const dnsChecker: Checker<"dns"> = {
  begin: (check, scope) => {
    const expected = tellExpected(check);
    return { look: () => look(check, expected, scope).catch((error: unknown) => lookUnreached(error, expected)) };
  },
};

async function look(check: Dns, expected: string, scope: Scope): Promise<Look> {
  const { name, type, answers } = check;
  const inCluster = isOfCluster(check);
  const found = inCluster ? await resolveInCluster(check, scope) : await resolve(check.name, check, undefined, scope);
  const holds = answers === undefined ? found.length > 0 : matchAnswers(answers, found);
  const records = found.length === 0 ? `no ${type} record of ${name}` : `${type} ${found.join(", ")}`;
  const seen = `${records} (by ${inCluster ? "the cluster's DNS" : "this machine's DNS"})`;
  return { state: holds ? "holds" : "not-yet", expected, seen };
}

function tellExpected({ name, type, answers }: Dns): string {
  if (answers === undefined) return `${type} records of ${name}`;
  const told = isScalar(answers) ? `include ${tellValue(answers)}` : tellMatcher(answers);
  return `${type} records of ${name} that ${told}`;
}

/** One answer among others, where a bare value is given. */
function matchAnswers(answers: Matcher, found: readonly string[]): boolean {
  return isScalar(answers) ? found.some((each) => matchValue(answers, each)) : matchValue(answers, found);
}

function isScalar(answers: Dns["answers"]): answers is Scalar | undefined {
  return typeof answers !== "object" || answers === null;
}

function isOfCluster({ name, from }: Dns): boolean {
  return (from ?? (/(?:^|\.)cluster\.local\.?$/.test(name) ? "cluster" : "runner")) === "cluster";
}

/** By a port of its DNS server, and with the names that a pod of the namespace would try, in that order. */
async function resolveInCluster(check: Dns, scope: Scope): Promise<readonly string[]> {
  const { dial } = await dialPlace(CLUSTER_DNS, "port-forward", scope);
  for (const name of listCandidates(check.name, scope.namespace)) {
    const found = await resolve(name, check, dial, scope);
    if (found.length > 0) return found;
  }
  return [];
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services */
function listCandidates(name: string, namespace: string): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"].map(
    (domain) => `${name}.${domain}`,
  );
  return name.endsWith(".cluster.local") ? [name, ...searched] : [...searched, name];
}

async function resolve(
  name: string,
  { type }: Dns,
  dial: Awaited<ReturnType<typeof dialPlace>>["dial"],
  scope: Scope,
): Promise<readonly string[]> {
  const { world, until } = scope;
  try {
    return await world.network.resolve(name, type, { timeoutMs: Math.min(scope.left(), LONGEST_MS), until, dial });
  } catch (error) {
    const fault = world.network.readFault(error);
    if (fault === undefined) throw error;
    const involved = dial === undefined ? [] : await listBehind(CLUSTER_DNS, scope);
    throw new Unreached(fault.message, involved, { cause: error });
  }
}
