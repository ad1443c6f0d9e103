import { type Finding, listJobs, type Rule } from "../finding.ts";
import { asList, asTree } from "../yaml-file.ts";

/** A job that hangs ends by itself. A job that calls a workflow cannot say so (GitHub refuses the key there). */
export const timeoutRule: Rule = (file) =>
  listJobs(file).flatMap(({ place, value }) => {
    const given =
      value["uses"] !== undefined ||
      typeof value["timeout-minutes"] === "number" ||
      /^\$\{\{/.test(String(value["timeout-minutes"]));
    return given ? [] : [{ line: file.lineOf(...place), rule: `job ${place[1]} has no timeout-minutes` }];
  });

/** What works on Azure is never cancelled by the next run, and who waits is never evicted. */
export const concurrencyRule: Rule = (file) => {
  if (file.kind !== "workflow" || file.ci) return [];
  const places = [["concurrency"], ...listJobs(file).map(({ place }) => [...place, "concurrency"])];
  return places.flatMap((place) =>
    judgeGroup(place.reduce<unknown>((tree, key) => asTree(tree)[key], file.tree)).map((rule) => ({
      line: file.lineOf(...place),
      rule,
    })),
  );
};

function judgeGroup(concurrency: unknown): readonly string[] {
  if (concurrency === undefined) return [];
  const group = typeof concurrency === "string" ? concurrency : String(asTree(concurrency)["group"]);
  const { "cancel-in-progress": cancel, queue } = asTree(concurrency);
  return [
    ...(cancel === undefined || cancel === false ? [] : ["concurrency cancels work on Azure in the middle"]),
    // After a merge github.ref is the base branch: close and deploy of one pull request would not meet.
    ...(/github\.(?:ref|ref_name|head_ref)\b/.test(group)
      ? ["a concurrency group by ref splits one pull request in two"]
      : []),
    ...(/environment/.test(group) && queue !== "max"
      ? ["who waits for an environment needs queue: max, or the next run evicts it"]
      : []),
  ];
}

/** One required check stands for all: it needs every other job, and runs even when they fail. */
export const ciOkRule: Rule = (file) => {
  if (!file.ci) return [];
  const jobs = listJobs(file);
  const ok = jobs.find(({ place }) => place[1] === "ci-ok");
  if (ok === undefined) return [{ line: 1, rule: "has no job ci-ok" }];
  const needs = new Set(asList(ok.value["needs"]));
  const forgotten = jobs.filter(({ place }) => place[1] !== "ci-ok" && !needs.has(place[1]));
  const findings: Finding[] = forgotten.map(({ place }) => ({
    line: file.lineOf(...place),
    rule: `ci-ok does not need ${place[1]}`,
  }));
  const always = /always\(\)/.test(String(ok.value["if"]));
  // A job that is skipped counts as passed, so without this a red run would be green.
  return always
    ? findings
    : [...findings, { line: file.lineOf(...ok.place), rule: "ci-ok is skipped when a job fails (if: always())" }];
};
