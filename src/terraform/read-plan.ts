import { describeChange, listAttributeChanges } from "./attribute-changes.ts";
import { isDrift } from "./drift.ts";
import {
  entriesOf,
  fieldOf,
  isList,
  isObject,
  type Json,
  listOf,
  parseExactJson,
  renderCanonicalJson,
  textOf,
} from "./exact-json.ts";
import { createHide, type Hide, hideKeys, SENSITIVE } from "./hide-values.ts";
import { digestChange, digestEssence, digestOutput, type Instants, listInstants } from "./plan-essence.ts";
import type { FailedCheck, OutputChange, PlanCounts, PlanFacts, ResourceChange } from "./plan-facts.ts";
import { readPlannedGroup } from "./plan-groups.ts";
import { type PlannedChange, readPlannedChange, readPlannedValue, UnknownAction } from "./planned-change.ts";
import { type Parsed, refuse } from "./problem.ts";
import { isRunTagOnly } from "./run-tags.ts";
import { collectOfPlan, type SensitiveValues } from "./sensitive-values.ts";
import { listUnseen } from "./unseen-parts.ts";
import { renderValue } from "./value-text.ts";

const MAJOR = "1";
const MEND = 'Use a version of terraform or tofu whose "show -json" has the format 1.x';

/** What `terraform show -json <plan>` says, parsed once. */
export interface ShownPlan {
  /** What has to be masked before anything of the plan is told. */
  readonly sensitive: SensitiveValues;
  /** The rest, without these values: by their marks, and wherever they turn up by value. */
  readFacts(): Parsed<PlanFacts>;
}

/**
 * Reads what `terraform show -json <plan>` says (format 1.x, https://developer.hashicorp.com/terraform/internals/json-format;
 * tofu's is the same).
 *
 * Problems have the code `plan-unreadable`.
 */
export function parsePlan(json: string): Parsed<ShownPlan> {
  const plan = parse(json);
  if (!isObject(plan)) {
    return refuse("plan-unreadable", 'What "terraform show -json" says of the plan is no JSON object.');
  }
  const sensitive = collectOfPlan(plan);
  return { value: { sensitive, readFacts: () => readKnown(plan, sensitive) } };
}

/** The facts alone. */
export function readPlan(json: string): Parsed<PlanFacts> {
  const plan = parsePlan(json);
  return "value" in plan ? plan.value.readFacts() : plan;
}

function readKnown(plan: Json, { values }: SensitiveValues): Parsed<PlanFacts> {
  const version = textOf(plan, "format_version");
  if (version?.split(".")[0] !== MAJOR) {
    const got = version === undefined ? "none" : `"${version}"`;
    return refuse("plan-unreadable", `The plan's format_version is ${got}, expected 1.x. ${MEND}.`);
  }
  try {
    return { value: readFacts(plan, createHide(values)) };
  } catch (error) {
    if (!(error instanceof UnknownAction)) throw error;
    return refuse("plan-unreadable", `The plan has ${error.message}, which Mayfly does not know. ${MEND}.`);
  }
}

function parse(json: string): Json | undefined {
  try {
    return parseExactJson(json);
  } catch {
    return undefined;
  }
}

function readFacts(plan: Json, hide: Hide): PlanFacts {
  const instants = listInstants(plan);
  const all = listOf(plan, "resource_changes").map(readPlannedChange);
  const told = all.filter(isTold);
  const changes = told.map((change) => describeResource(change, hide, instants));
  const outputs = readOutputs(plan, hide, instants);
  const failedChecks = readFailedChecks(plan, hide);
  const counts = count(all);
  const errored = fieldOf(plan, "errored") === true;
  const counting = [
    ...changes.filter((change) => !isRunTagOnly(change)).map(({ fingerprint }) => fingerprint),
    ...outputs.map(({ fingerprint }) => fingerprint),
    // The same resources in another subscription are others.
    renderCanonicalJson(fieldOf(fieldOf(plan, "configuration"), "provider_config") ?? null),
  ];
  return {
    terraformVersion: textOf(plan, "terraform_version") ?? "",
    // tofu and terraform before 1.9 do not say.
    complete: readFlag(plan, "complete") ?? !errored,
    applyable: readFlag(plan, "applyable") ?? (!errored && changes.length + outputs.length > 0),
    errored,
    counts,
    changes,
    outputs: outputs.map(({ fingerprint: _, ...output }) => output),
    drift: listOf(plan, "resource_drift")
      .map((one) => describeResource(readPlannedChange(one), hide, instants))
      .filter(isDrift),
    failedChecks,
    groups: all.flatMap((change) => readPlannedGroup(change, hide) ?? []),
    priorResources: countPrior(plan, counts.import),
    unseen: listUnseen(plan, all).map((part) => hideKeys(part, hide)),
    declaredVariables: entriesOf(fieldOf(fieldOf(fieldOf(plan, "configuration"), "root_module"), "variables")).map(
      ([name]) => name,
    ),
    essence: digestEssence(
      counting,
      failedChecks.map(({ address }) => address),
    ),
  };
}

function readFlag(plan: Json, name: string): boolean | undefined {
  const flag = fieldOf(plan, name);
  return typeof flag === "boolean" ? flag : undefined;
}

function isTold({ kind, previousAddress, importing }: PlannedChange): boolean {
  return kind !== "no-op" || previousAddress !== undefined || importing !== undefined;
}

function describeResource(change: PlannedChange, hide: Hide, instants: Instants) {
  const { previousAddress, deposed, type, managed, kind, createsFirst, reason, importing } = change;
  return {
    address: hideKeys(change.address, hide),
    previousAddress: previousAddress === undefined ? undefined : hideKeys(previousAddress, hide),
    type,
    managed,
    kind,
    reason,
    importing: importing === undefined ? undefined : describeImport(importing, hide),
    attributes: listAttributeChanges(change, hide),
    ...(createsFirst ? { createsFirst } : {}),
    ...(deposed === undefined ? {} : { deposed }),
    fingerprint: digestChange(change, instants),
  } satisfies ResourceChange;
}

/** The id that it is imported by; newer providers have an identity of several fields. */
function describeImport(importing: Json, hide: Hide): string {
  const id = textOf(importing, "id");
  if (id !== undefined) return hide.isSensitive(id) ? SENSITIVE : hide.hide(id);
  const unknown = fieldOf(importing, "unknown");
  return renderValue(fieldOf(importing, "identity"), { unknown, hidden: undefined }, hide);
}

function readOutputs(plan: Json, hide: Hide, instants: Instants) {
  return entriesOf(fieldOf(plan, "output_changes")).flatMap(([name, json]) => {
    const change = readPlannedValue(`the output ${name}`, json);
    if (change.kind === "no-op") return [];
    const sensitive = [change.hiddenBefore, change.hiddenAfter].includes(true);
    const [before, after] = describeChange(change, hide);
    const output: OutputChange = { name, kind: change.kind, sensitive, before, after };
    return [{ ...output, fingerprint: digestOutput(name, change, instants) }];
  });
}

function readFailedChecks(plan: Json, hide: Hide): readonly FailedCheck[] {
  const failed = (one: Json): boolean => ["fail", "error"].includes(textOf(one, "status") ?? "");
  return listOf(plan, "checks")
    .filter(failed)
    .flatMap((check) => {
      const instances = listOf(check, "instances").filter(failed);
      return (instances.length > 0 ? instances : [check]).map((one) => ({
        address: hideKeys(textOf(fieldOf(one, "address"), "to_display") ?? "", hide),
        messages: listOf(one, "problems").map((problem) => hide.hide(textOf(problem, "message") ?? "")),
      }));
    });
}

/** As terraform's own summary counts, whose replace is one to add and one to destroy. */
function count(changes: readonly PlannedChange[]): PlanCounts {
  const managed = changes.filter((change) => change.managed);
  const of = (holds: (change: PlannedChange) => boolean): number => managed.filter(holds).length;
  return {
    add: of(({ kind }) => kind === "create" || kind === "replace"),
    change: of(({ kind }) => kind === "update"),
    destroy: of(({ kind, forgets }) => kind === "delete" || (kind === "replace" && !forgets)),
    replace: of(({ kind }) => kind === "replace"),
    import: of(({ importing }) => importing !== undefined),
    move: of(({ previousAddress }) => previousAddress !== undefined),
    forget: of(({ forgets }) => forgets),
  };
}

/** The state that terraform shows holds what it imports already. */
function countPrior(plan: Json, imported: number): number {
  const values = fieldOf(fieldOf(plan, "prior_state"), "values");
  return Math.max(0, countResources(fieldOf(values, "root_module")) - imported);
}

function countResources(module: Json | undefined): number {
  const own = listOf(module, "resources").filter((resource) => textOf(resource, "mode") !== "data").length;
  const children = fieldOf(module, "child_modules");
  return (isList(children) ? children : []).reduce<number>((sum, child) => sum + countResources(child), own);
}
