import { matchValue, tellMatcher } from "../../../smoke/match-value.ts";
import type { Nats } from "../../../smoke/spec/checks/nats.ts";
import type { Matcher } from "../../../smoke/spec/matcher.ts";
import type { Errand } from "./errand.ts";

type Given<K extends keyof Nats> = NonNullable<Nats[K]>;
/** What numbers have to be, by their names in a spec. */
type Wanted = Readonly<Record<string, Matcher | undefined>>;

/** A stream that has to be there. One that is there is never changed: its subjects are its owner's. */
export function ensureStream({ name, subjects, messages, replicas }: Given<"stream">): Errand {
  const wanted = { messages, replicas };
  const of = subjects === undefined ? undefined : tellSubjects(subjects);
  return {
    expected: `stream ${name}${of === undefined ? "" : ` of ${of}`}${tellWanted(wanted)}`,
    look: async (nats) => {
      const before = await nats.findStream(name);
      if (before === undefined && subjects !== undefined) await nats.createStream(name, subjects);
      const found = before ?? (subjects === undefined ? undefined : await nats.findStream(name));
      if (found === undefined) return { state: "not-yet", seen: `there is no stream ${name}` };
      const has = tellSubjects(found.subjects);
      const state = (of === undefined || of === has) && fits(wanted, { ...found }) ? "holds" : "not-yet";
      const made = before === undefined ? ", made by this check" : "";
      return { state, seen: `it is of ${has}, messages ${found.messages}, replicas ${found.replicas}${made}` };
    },
  };
}

/** A durable consumer that has to be there, and how much waits for it. */
export function ensureConsumer({ stream, name, ensure, pending, ackPending, lag }: Given<"consumer">): Errand {
  const wanted = { pending, ackPending, lag };
  return {
    expected: `consumer ${name} of stream ${stream}${tellWanted(wanted)}`,
    look: async (nats) => {
      const before = await nats.findConsumer(stream, name);
      if (before === undefined && ensure) await nats.createConsumer(stream, name);
      const found = before ?? (ensure ? await nats.findConsumer(stream, name) : undefined);
      if (found === undefined) return { state: "not-yet", seen: `stream ${stream} has no consumer ${name}` };
      const state = fits(wanted, { ...found, lag: found.pending + found.ackPending }) ? "holds" : "not-yet";
      const made = before === undefined ? ", made by this check" : "";
      return { state, seen: `pending ${found.pending}, ackPending ${found.ackPending}${made}` };
    },
  };
}

function fits(wanted: Wanted, found: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([name, matcher]) => matcher === undefined || matchValue(matcher, found[name]));
}

function tellWanted(wanted: Wanted): string {
  const told = Object.entries(wanted).flatMap(([name, matcher]) =>
    matcher === undefined ? [] : [`${name} ${tellMatcher(matcher)}`],
  );
  return told.length === 0 ? "" : ` with ${told.join(" and ")}`;
}

/** Their order does not matter. */
function tellSubjects(subjects: readonly string[]): string {
  return [...new Set(subjects)].sort().join(", ") || "no subject";
}
