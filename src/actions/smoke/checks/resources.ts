import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject, ObjectRef } from "../../../kubernetes/kube-object.ts";
import { refOf } from "../../../rollout/seen.ts";
import { compareTexts } from "../../../rollout/seen-event.ts";
import { listWatchedKinds } from "../../../rollout/watched-kinds.ts";
import { compareTree } from "../../../smoke/compare-tree.ts";
import { parseSelector } from "../../../smoke/match-labels.ts";
import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Resources } from "../../../smoke/spec/checks/resources.ts";
import type { Checker, Look } from "../look.ts";
import { judgeByCondition } from "../resources/condition.ts";
import { type Finding, holds, type Judge, notYet } from "../resources/finding.ts";
import { findIdle } from "../resources/idle.ts";
import { listOptional } from "../resources/list-optional.ts";
import { judgeByRollout } from "../resources/rollout.ts";
import { judgeByScale } from "../resources/scaled-to-zero.ts";
import type { Scope } from "../scope.ts";

const MOST_TOLD = 3;
const MOST_INVOLVED = 5;

/**
 * Objects of any kind. What is asked has to be true of each one that is meant, and there has to be one; with `count` it
 * has to be true of so many of them, which may be none.
 */
export const resourcesChecker: Checker<"resources"> = {
  prepare: async (wanted, scope) => {
    const namespace = wanted.namespace ?? scope.namespace;
    const { apiVersion, kind } = wanted;
    const beside = wanted.rollout ? listWatchedKinds([{ apiVersion, kind, namespace, name: "", hook: false }]) : [];
    const kinds = [{ apiVersion, kind, namespace }, ...beside];
    await Promise.all(kinds.map((each) => listOptional(scope, each, each.namespace)));
  },
  begin: (wanted, scope) => {
    const judges = listJudges(wanted, scope);
    const isMeant = readMeant(wanted);
    return {
      look: async () => {
        const all = await scope.watches.list(wanted, wanted.namespace ?? scope.namespace);
        const meant = all.filter(isMeant).toSorted((a, b) => compareTexts(a.metadata.name, b.metadata.name));
        const opened = await Promise.all(judges.map((judge) => judge.open(meant)));
        const judged = meant.map((object) => ({ object, finding: sumUp(opened.map((judge) => judge(object))) }));
        return decide(wanted, judges, judged, scope);
      },
    };
  },
};

interface Judged {
  readonly object: KubeObject;
  readonly finding: Finding;
}

function listJudges({ rollout, condition, assert, scaledToZero, ...kind }: Resources, scope: Scope): readonly Judge[] {
  return [
    ...(rollout ? [judgeByRollout(kind, scope)] : []),
    ...(condition === undefined ? [] : [judgeByCondition(condition)]),
    ...(rollout || condition !== undefined ? [judgeIdle(scope)] : []),
    ...(assert === undefined ? [] : [judgeByTree(assert)]),
    ...(scaledToZero ? [judgeByScale(kind, scope)] : []),
  ];
}

function judgeIdle(scope: Scope): Judge {
  return {
    expected: "",
    open: async (objects) => {
      const explain = await findIdle(objects, scope);
      return (object) => {
        const idle = explain(object);
        return idle === undefined ? holds("") : notYet(idle);
      };
    },
  };
}

function judgeByTree(tree: NonNullable<Resources["assert"]>): Judge {
  return {
    expected: compareTree(tree, {}).expected,
    open: async () => (object) => {
      const { holds: fits, seen } = compareTree(tree, object);
      return fits ? holds(seen) : notYet(seen);
    },
  };
}

/** @throws UserError `smoke-spec-invalid` */
function readMeant({ name, selector }: Resources): (object: KubeObject) => boolean {
  const fits = selector === undefined ? () => true : parseSelector(selector);
  if (fits === undefined) {
    throw new UserError(
      "smoke-spec-invalid",
      `selector: expected labels as kubectl takes them, such as app=api,tier!=cache, got ${JSON.stringify(selector)}`,
    );
  }
  return ({ metadata }) => (name === undefined || metadata.name === name) && fits(metadata.labels ?? {});
}

/** All has to be true; what is worst is told. */
function sumUp(findings: readonly Finding[]): Finding {
  const bad = findings.find(({ state }) => state === "never") ?? findings.find(({ state }) => state === "not-yet");
  return bad ?? holds(findings.flatMap(({ seen }) => (seen === "" ? [] : [seen])).join(", "));
}

function decide(wanted: Resources, judges: readonly Judge[], judged: readonly Judged[], scope: Scope): Look {
  const { count, kind, name } = wanted;
  const asked = judges.flatMap(({ expected }) => (expected === "" ? [] : [expected]));
  const what = nameMeant(wanted);
  const good = judged.filter(({ finding }) => finding.state === "holds");
  if (count !== undefined) {
    const such = asked.length === 0 ? "" : ` with ${asked.join(", ")}`;
    return {
      state: matchValue(count, good.length) ? "holds" : "not-yet",
      expected: `${tellMatcher(count)} of ${what}${such}`,
      seen: `${good.length}${tellNames(good)}${good.length < judged.length ? `; ${tellBad(judged)}` : ""}`,
      involved: involve(judged),
    };
  }
  const expected = asked.length === 0 ? `${what} is there` : `${what}: ${asked.join(", ")}`;
  if (judged.length === 0) {
    const namespace = wanted.namespace ?? scope.namespace;
    const involved = name === undefined ? [] : [{ apiVersion: wanted.apiVersion, kind, namespace, name }];
    return { state: "not-yet", expected, seen: `there is no such ${kind}`, involved };
  }
  const worst = judged.some(({ finding }) => finding.state === "never") ? "never" : "not-yet";
  if (good.length < judged.length) return { state: worst, expected, seen: tellBad(judged), involved: involve(judged) };
  return { state: "holds", expected, seen: tellGood(judged), involved: involve(judged) };
}

function nameMeant({ kind, name, selector }: Resources): string {
  if (name !== undefined) return `${kind}/${name}`;
  return selector === undefined ? `every ${kind}` : `every ${kind} with ${selector}`;
}

function tellBad(judged: readonly Judged[]): string {
  const bad = judged.filter(({ finding }) => finding.state !== "holds");
  const told = bad.slice(0, MOST_TOLD).map(({ object, finding }) => tell(object, finding, judged.length));
  return [...told, ...(bad.length > MOST_TOLD ? [`${bad.length - MOST_TOLD} more`] : [])].join("; ");
}

function tellGood(judged: readonly Judged[]): string {
  const [first] = judged;
  if (judged.length > 1 || first === undefined) return `${judged.length}${tellNames(judged)}`;
  return first.finding.seen === "" ? "it is there" : first.finding.seen;
}

function tell({ metadata }: KubeObject, { seen }: Finding, many: number): string {
  // What a rollout says names the object itself.
  return many === 1 || seen.includes(metadata.name) ? seen : `${metadata.name}: ${seen}`;
}

function tellNames(judged: readonly Judged[]): string {
  if (judged.length === 0) return "";
  const names = judged.slice(0, MOST_TOLD).map(({ object }) => object.metadata.name);
  return ` (${names.join(", ")}${judged.length > MOST_TOLD ? ", …" : ""})`;
}

/** Those that are to blame first. */
function involve(judged: readonly Judged[]): readonly ObjectRef[] {
  const bad = judged.filter(({ finding }) => finding.state !== "holds");
  return (bad.length > 0 ? bad : judged).slice(0, MOST_INVOLVED).map(({ object }) => refOf(object));
}
