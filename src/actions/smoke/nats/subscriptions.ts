import { UserError } from "../../../kit/user-error.ts";
import { matchMessage, tellMessageMatcher } from "../../../smoke/match-message.ts";
import { NatsFault } from "../../../smoke/nats-fault.ts";
import type { Nats } from "../../../smoke/spec/checks/nats.ts";
import { tellValue } from "../../../smoke/tell-value.ts";
import type { Look } from "../look.ts";
import type { Held, Scope } from "../scope.ts";
import type { NatsSubscription } from "../world.ts";
import type { Errand } from "./errand.ts";

type Given<K extends keyof Nats> = NonNullable<Nats[K]>;

interface HeldSubscription extends Held {
  readonly subscription: NatsSubscription;
}

/** How long a look waits for what is still to come: nobody is woken by a message otherwise. */
const LISTEN_MS = 1_000;
const NAMED = "nats subscription ";

/** Listens under a name from now on, until the test ends. */
export function subscribeOnce({ subject, as }: Given<"subscribe">, { memory }: Scope): Errand {
  let listening: NatsSubscription | undefined;
  return {
    expected: `listening to ${subject}`,
    look: async (nats) => {
      if (listening === undefined) {
        const subscription = await nats.subscribe(subject);
        listening = subscription;
        // It ends with its connection.
        const held: HeldSubscription = { subscription, end: async () => {} };
        memory.held.set(NAMED + as, held);
      }
      return { state: "holds", seen: `listening, ${listening.messages().length} messages so far` };
    },
  };
}

/**
 * What a subscription has heard. With a count of 0, nothing that is so may have come, also not while a look listens.
 *
 * @throws UserError `smoke-subscription-unknown`
 */
export async function lookAtReceived(given: Given<"received">, scope: Scope): Promise<Look> {
  const subscription = findSubscription(given.subscription, scope);
  const { until } = scope;
  /** What has come is there for good; that nothing has come is so only until something does. */
  const isDecided = ({ state }: Look): boolean => state === "never" || (state === "holds" && given.count > 0);
  const stop = new AbortController();
  try {
    void scope.world.sleep(LISTEN_MS, AbortSignal.any([until, stop.signal])).then(() => stop.abort());
    for (;;) {
      const look = judge(given, subscription);
      if (isDecided(look) || stop.signal.aborted) return look;
      await subscription.next(AbortSignal.any([until, stop.signal]));
    }
  } catch (error) {
    if (!(error instanceof NatsFault)) throw error;
    const look = judge(given, subscription);
    // What came meanwhile is lost.
    return isDecided(look) ? look : { ...look, state: "unseen", seen: `${error.message}; ${look.seen}` };
  } finally {
    stop.abort();
  }
}

function judge({ subscription: name, count, ...matcher }: Given<"received">, subscription: NatsSubscription): Look {
  const messages = subscription.messages();
  const fitting = messages.filter(({ data }) => matchMessage(matcher, data));
  const wanted = tellMessageMatcher(matcher);
  const expected = `${tellCount(count)} to ${name}${wanted === "" ? "" : ` with ${wanted}`}`;
  const last = messages.at(-1);
  const seen =
    last === undefined
      ? "nothing has come"
      : `${tellCount(messages.length)}${wanted === "" ? "" : `, ${fitting.length} of them so`}, the last ${last.subject} ${tellValue(last.data)}`;
  if (count === 0) return { state: fitting.length === 0 ? "holds" : "never", expected, seen };
  return { state: fitting.length >= count ? "holds" : "not-yet", expected, seen };
}

function tellCount(count: number): string {
  return count === 0 ? "no message" : count === 1 ? "1 message" : `${count} messages`;
}

function findSubscription(name: string, { memory }: Scope): NatsSubscription {
  const held = memory.held.get(NAMED + name);
  if (isSubscription(held)) return held.subscription;
  const known = [...memory.held.keys()].filter((key) => key.startsWith(NAMED)).map((key) => key.slice(NAMED.length));
  throw new UserError(
    "smoke-subscription-unknown",
    `Nobody listens as "${name}": ${known.length === 0 ? "no subscribe came before" : `those before are ${known.join(", ")}`}.\nTo do: put {nats: {subscribe: {subject: …, as: ${name}}}} before what makes the messages.`,
  );
}

function isSubscription(held: Held | undefined): held is HeldSubscription {
  return held !== undefined && "subscription" in held;
}
