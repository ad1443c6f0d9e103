import type { OutputChange, PlanFacts, ResourceChange } from "./plan-facts.ts";
import { isExpiryOutput, isRunTagOnly, isRunTagPath } from "./run-tags.ts";

/** Whether a plan would still do what was approved, or what is different, in words. */
export type PlanComparison =
  | { readonly same: true }
  | { readonly same: false; readonly differences: readonly [string, ...string[]] };

/**
 * Compares what an approved plan would do with what a fresh one would: order, times, expiry and values that are not known
 * do not count. Sensitive values do, without being shown.
 */
export function comparePlans(approved: PlanFacts, fresh: PlanFacts): PlanComparison {
  if (approved.essence === fresh.essence) return { same: true };
  const [first, ...others] = [
    ...compareEach(listResources(approved), listResources(fresh), compareResource),
    ...compareEach(listOutputs(approved), listOutputs(fresh), compareOutput),
    ...compareChecks(approved, fresh),
  ];
  const unseen = "a value that is not shown differs";
  return { same: false, differences: first === undefined ? [unseen] : [first, ...others] };
}

type Named<T> = ReadonlyMap<string, T>;

function listResources({ changes }: PlanFacts): Named<ResourceChange> {
  const counting = changes.filter((change) => !isRunTagOnly(change));
  return new Map(counting.map((change) => [nameResource(change), change]));
}

function nameResource({ address, deposed }: ResourceChange): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

function listOutputs({ outputs }: PlanFacts): Named<OutputChange> {
  return new Map(outputs.filter((output) => !isExpiryOutput(output)).map((output) => [output.name, output]));
}

/** What differs, what is new, what is gone. */
function compareEach<T>(
  approved: Named<T>,
  fresh: Named<T>,
  compare: (name: string, was: T | undefined, is: T | undefined) => readonly string[],
): readonly string[] {
  const names = [...new Set([...approved.keys(), ...fresh.keys()])];
  return names.flatMap((name) => compare(name, approved.get(name), fresh.get(name)));
}

function compareResource(
  name: string,
  was: ResourceChange | undefined,
  is: ResourceChange | undefined,
): readonly string[] {
  if (was === undefined || is === undefined) {
    if (is !== undefined) return [`+1 ${describeResource(name, is)}`];
    return was === undefined ? [] : [`-1 ${describeResource(name, was)}`];
  }
  if (was.fingerprint === is.fingerprint) return [];
  const [before, after] = [describeResource(name, was), describeResource(name, is)];
  if (before !== after) return [`${before} became ${after}`];
  const paths = new Set([...was.attributes, ...is.attributes].map(({ path }) => path));
  const differing = [...paths].filter(
    (path) => !isRunTagPath(path) && describeAttribute(was, path) !== describeAttribute(is, path),
  );
  if (differing.length === 0) return [`${name}: a value that is not shown differs`];
  return differing.map(
    (path) => `${name}: ${path} was ${describeAttribute(was, path)}, is ${describeAttribute(is, path)}`,
  );
}

/** `replace aks.main (cannot_update: node_size)`. */
function describeResource(name: string, change: ResourceChange): string {
  const reason = change.reason?.replace(/^(?:replace|delete|read)_because_/, "");
  const forcing = change.attributes.filter((one) => one.forcesReplacement).map(({ path }) => path);
  const why = [reason, forcing.join(", ")].filter((part) => part !== undefined && part !== "").join(": ");
  const verbs = [
    change.importing === undefined ? "" : `import as ${change.importing}`,
    change.previousAddress === undefined ? "" : `move from ${change.previousAddress}`,
    change.kind === "no-op" ? "" : change.kind,
    change.createsFirst === true ? "(create first)" : "",
  ].filter((verb) => verb !== "");
  return `${verbs.join(", ").replace(", (", " (")} ${name}${why === "" ? "" : ` (${why})`}`;
}

function describeAttribute(change: ResourceChange, path: string): string {
  const attribute = change.attributes.find((one) => one.path === path);
  return attribute === undefined ? "unchanged" : describeTexts(attribute);
}

function compareOutput(name: string, was: OutputChange | undefined, is: OutputChange | undefined): readonly string[] {
  const [before, after] = [was, is].map((one) =>
    one === undefined ? "unchanged" : `${one.kind} ${describeTexts(one)}`,
  );
  return before === after ? [] : [`output ${name}: was ${before}, is ${after}`];
}

function describeTexts({ before, after }: { readonly before: string | undefined; readonly after: string | undefined }) {
  return `${before ?? "nothing"} → ${after ?? "nothing"}`;
}

function compareChecks(approved: PlanFacts, fresh: PlanFacts): readonly string[] {
  const [were, are] = [approved, fresh].map(({ failedChecks }) => new Set(failedChecks.map(({ address }) => address)));
  const gone = [...(were ?? [])].filter((address) => !are?.has(address)).map((address) => `${address} holds now`);
  return [
    ...[...(are ?? [])].filter((address) => !were?.has(address)).map((address) => `${address} fails now`),
    ...gone,
  ];
}
