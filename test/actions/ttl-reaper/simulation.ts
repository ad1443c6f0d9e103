import type { JournalEvent } from "../../../src/actions/ttl-reaper/journal.ts";
import type { World } from "../../../src/actions/ttl-reaper/world.ts";
import type { BarrierLists } from "../../../src/azure/barriers.ts";
import type { DeleteAnswer, OperationAnswer, ResourceGroups } from "../../../src/azure/resource-groups.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { DenyAssignment, GroupFacts, Lock } from "../../../src/ttl/facts.ts";
import { recordLog } from "../recording-log.ts";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

/** How a simulated delete goes on after ARM accepted it. */
export type Course = "gone" | "rolled-back" | "came-back" | "stuck";

export interface SimulatedGroup {
  facts: GroupFacts;
  course: Course;
  /** When the running delete ends, in milliseconds of the simulated clock. */
  endsAt?: number;
}

export interface Request {
  readonly call: "list" | "find" | "locks" | "denials" | "delete" | "operation";
  readonly name: string;
  readonly at: number;
}

/** The moment at which a request left, by both clocks. */
interface Sent {
  readonly at: number;
  readonly skewMs: number | undefined;
}

/** A DELETE that arrived: when it was sent, and what had been seen just before. */
export interface Deleted extends Sent {
  readonly name: string;
  readonly seen: GroupFacts | undefined;
  readonly locks: readonly Lock[];
}

/** An answer that goes wrong. */
export type Mishap = "refuse" | "throttle" | "lose-request" | "lose-answer" | "fail-look";

/** A small Azure in memory with a clock of its own: time passes only when somebody waits or asks. */
export interface Simulation {
  readonly world: World;
  readonly groups: Map<string, SimulatedGroup>;
  readonly locks: Lock[];
  readonly denyAssignments: DenyAssignment[] | undefined;
  readonly requests: Request[];
  /** What the last re-read of a group showed, and the last list of locks: what a delete is judged by. */
  readonly lastLook: Map<string, GroupFacts | undefined>;
  readonly lastLocks: { value: readonly Lock[] };
  readonly deletes: Deleted[];
  readonly events: JournalEvent[];
  readonly summaries: string[];
  readonly reports: string[];
  readonly lines: string[];
  readonly warnings: string[];
  skewMs: number | undefined;
  cancel(): void;
  now(): number;
  pass(milliseconds: number): void;
}

export interface SimulationOptions {
  readonly now: Date;
  readonly groups: readonly { readonly facts: GroupFacts; readonly course?: Course }[];
  readonly locks?: readonly Lock[];
  readonly denyAssignments?: readonly DenyAssignment[] | undefined;
  /** Called before each answer: may edit the world, and says what goes wrong. */
  readonly before?: (request: Request, simulation: Simulation) => Mishap | undefined;
  readonly latencyMs?: (request: Request) => number;
  readonly durationMs?: number;
}

export function group(
  name: string,
  tags: Readonly<Record<string, string>>,
  more: Partial<GroupFacts> = {},
): GroupFacts {
  return {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`,
    subscriptionId: SUBSCRIPTION,
    name,
    location: "westeurope",
    tags,
    managedBy: undefined,
    provisioningState: "Succeeded",
    ...more,
  };
}

export function simulate(options: SimulationOptions): Simulation {
  const cancel = new AbortController();
  let clock = options.now.getTime();
  const durationMs = options.durationMs ?? 20_000;
  const groups = new Map(
    options.groups.map(
      ({ facts, course }) => [facts.name, { facts, course: course ?? "gone" }] as [string, SimulatedGroup],
    ),
  );

  const settle = (): void => {
    for (const [name, one] of groups) {
      if (one.endsAt === undefined || clock < one.endsAt || one.course === "stuck") continue;
      delete one.endsAt;
      if (one.course === "gone") groups.delete(name);
      else one.facts = { ...one.facts, provisioningState: "Succeeded" };
    }
  };

  const answer = async <T>(
    request: Omit<Request, "at">,
    reply: (mishap: Mishap | undefined, sent: Sent) => T,
  ): Promise<T> => {
    const asked = { ...request, at: clock };
    const sent = { at: clock, skewMs: simulation.skewMs };
    await Promise.resolve();
    simulation.requests.push(asked);
    const mishap = options.before?.(asked, simulation);
    clock += options.latencyMs?.(asked) ?? 20;
    settle();
    if (mishap === "fail-look" && request.call !== "delete") throw new UserError("arm-unavailable", "ARM answered 503");
    const result = reply(mishap, sent);
    await Promise.resolve();
    return result;
  };

  const remove = (name: string, mishap: Mishap | undefined, sent: Sent): DeleteAnswer => {
    if (mishap === "lose-request") return { kind: "unanswered", because: "connection reset" };
    if (mishap === "throttle") return { kind: "again", because: "ARM throttled the delete" };
    const seen = simulation.lastLook.get(name);
    simulation.deletes.push({ name, ...sent, seen, locks: simulation.lastLocks.value });
    const one = groups.get(name);
    if (one === undefined) return { kind: "absent" };
    if (mishap === "refuse")
      return { kind: "refused", status: 409, fault: { code: "ScopeLocked", message: "locked" }, requestId: "r" };
    one.facts = { ...one.facts, provisioningState: "Deleting" };
    one.endsAt = clock + durationMs;
    if (mishap === "lose-answer") return { kind: "unanswered", because: "connection reset" };
    return { kind: "accepted", operation: `https://management.azure.com/operations/${name}` };
  };

  const poll = (name: string): OperationAnswer => {
    const one = groups.get(name);
    if (one?.endsAt !== undefined) return { kind: "pending", retryAfterMs: 15_000 };
    if (one?.course !== "rolled-back") return { kind: "succeeded" };
    return { kind: "failed", fault: { code: "ResourceGroupDeletionBlocked", message: "blocked" }, requestId: "r" };
  };

  const adapter: ResourceGroups = {
    list: async function* () {
      const page = await answer({ call: "list", name: "" }, () => [...groups.values()].map(({ facts }) => facts));
      yield* page;
    },
    find: (_, name) =>
      answer({ call: "find", name }, () => {
        const facts = groups.get(name)?.facts;
        simulation.lastLook.set(name, facts);
        return facts;
      }),
    reserveDelete: () => Promise.resolve(),
    delete: (_, name) => answer({ call: "delete", name }, (mishap, sent) => remove(name, mishap, sent)),
    findOperation: (url) =>
      answer({ call: "operation", name: url.split("/").at(-1) ?? "" }, () => poll(url.split("/").at(-1) ?? "")),
  };
  const barriers: BarrierLists = {
    listLocks: () =>
      answer({ call: "locks", name: "" }, () => {
        simulation.lastLocks.value = [...simulation.locks];
        return simulation.lastLocks.value;
      }),
    listDenyAssignments: () => answer({ call: "denials", name: "" }, () => simulation.denyAssignments),
  };

  const simulation: Simulation = {
    groups,
    locks: [...(options.locks ?? [])],
    denyAssignments: "denyAssignments" in options ? options.denyAssignments && [...options.denyAssignments] : [],
    requests: [],
    lastLook: new Map(),
    lastLocks: { value: [] },
    deletes: [],
    events: [],
    summaries: [],
    reports: [],
    lines: [],
    warnings: [],
    skewMs: 0,
    cancel: () => cancel.abort(),
    now: () => clock,
    pass: (milliseconds) => {
      clock += milliseconds;
    },
    world: {
      groups: adapter,
      barriers,
      armSkewMs: () => simulation.skewMs,
      now: () => new Date(clock),
      monotonic: () => clock,
      sleep: async (milliseconds) => {
        await Promise.resolve();
        if (!cancel.signal.aborted) clock += milliseconds;
        settle();
      },
      cancelled: cancel.signal,
      log: recordLog(() => simulation),
      record: (event) => void simulation.events.push(event),
      summarize: async (markdown) => void simulation.summaries.push(markdown),
      writeReport: async (json) => {
        simulation.reports.push(json);
        return "report.json";
      },
      markReported: () => undefined,
    },
  };
  return simulation;
}
