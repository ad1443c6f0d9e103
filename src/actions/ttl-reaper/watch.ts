import { listBlockers } from "../../ttl/blockers.ts";
import { type GroupFacts, isDeleting } from "../../ttl/facts.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** ARM's own `Retry-After` for the delete of a group. */
const LOOK_EVERY_MS = 15_000;
/** The first look comes sooner: an empty group is gone in seconds. */
const FIRST_LOOK_MS = 3_000;

/** A delete that ARM has accepted. */
export interface InFlight {
  readonly group: GroupFacts;
  readonly operation: string | undefined;
  /** How often it stood there while nobody could tell why. */
  unclearLooks?: number;
  /** Since when (`monotonic`) a namespace says that something holds it, and what it says. */
  held?: { readonly since: number; readonly by: readonly string[] } | undefined;
}

export interface Watch {
  /** Follows this delete until its end. */
  follow(delete_: InFlight): void;
  /** Says that no more will be added; resolves when the last one has ended, or `stopped` says why not. */
  finish(): Promise<void>;
}

export interface WatchOptions {
  stopped(): string | undefined;
  settle(group: GroupFacts, outcome: Outcome): void;
  say(state: string): void;
}

/**
 * Follows accepted deletes to their end.
 *
 * One list of a subscription's groups tells how all of its deletes stand, where polling each operation would spend a
 * read on each. A group that the list no longer holds is asked for by name: only ARM's 404 counts as gone. A group that
 * is there and no longer `Deleting` has its operation asked for what went wrong.
 */
export function startWatch(world: World, options: WatchOptions): Watch {
  const inFlight = new Map<string, InFlight>();
  let complete = false;
  let ended = false;
  let wake = (): void => undefined;

  const leave = ({ group, held }: InFlight): void => {
    const because = options.stopped() ?? "the run ended";
    options.settle(group, {
      kind: "still-deleting",
      because: held === undefined ? because : sayHeld(held.by, because),
    });
  };

  const lookAround = async (): Promise<void> => {
    const subscriptions = new Set([...inFlight.values()].map((one) => one.group.subscriptionId));
    for (const id of subscriptions) await lookAt(id, inFlight, world, options);
  };

  const loop = async (): Promise<void> => {
    let pauseMs = FIRST_LOOK_MS;
    while (!(complete && inFlight.size === 0)) {
      if (inFlight.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      await world.sleep(pauseMs);
      const stop = options.stopped();
      if (stop !== undefined) break;
      await lookAround();
      if (inFlight.size > 0) options.say(sayCount([...inFlight.values()]));
      pauseMs = Math.min(pauseMs * 2, LOOK_EVERY_MS);
    }
    ended = true;
    for (const one of inFlight.values()) leave(one);
  };

  const running = loop();
  return {
    follow: (delete_) => {
      // Its answer was still on its way when the looks ended.
      if (ended) {
        leave(delete_);
        return;
      }
      inFlight.set(delete_.group.id.toLowerCase(), delete_);
      wake();
    },
    finish: () => {
      complete = true;
      wake();
      return running;
    },
  };
}

async function lookAt(id: string, inFlight: Map<string, InFlight>, world: World, options: WatchOptions): Promise<void> {
  const mine = [...inFlight].filter(([, one]) => one.group.subscriptionId === id);
  const running = new Map<string, GroupFacts>();
  try {
    for await (const group of world.groups.list(id)) {
      if (isDeleting(group)) running.set(group.id.toLowerCase(), group);
    }
  } catch {
    // Not seeing is no news: the next look tells.
    return;
  }
  await Promise.all(
    mine.map(async ([key, one]) => {
      const found = running.get(key);
      const same = found?.namespace?.uid === one.group.namespace?.uid;
      const outcome = found !== undefined && same ? judgeHold(one, found, world) : await settleOne(one, world);
      if (outcome === undefined) return;
      inFlight.delete(key);
      options.settle(one.group, outcome);
    }),
  );
}

/** Looks that find a group standing there, before it is believed that nobody is deleting it any more. */
const UNCLEAR_LOOKS = 4;

/** How a delete ended that the list no longer shows as running; undefined while that cannot be told. */
async function settleOne(one: InFlight, world: World): Promise<Outcome | undefined> {
  const { group, operation } = one;
  const look = (): Promise<GroupFacts | undefined> => world.groups.find(group.subscriptionId, group.name);
  try {
    const live = await look();
    if (live === undefined) return { kind: "gone" };
    // The one that we deleted is gone: this is another of the same name.
    if (live.namespace?.uid !== group.namespace?.uid) return { kind: "came-back" };
    if (isDeleting(live)) return undefined;
    if (operation === undefined) return doubtful(one, "nobody can tell its operation");
    const answer = await world.groups.findOperation(operation);
    if (answer.kind === "failed") return { kind: "rolled-back", blockers: listBlockers(answer.fault) };
    if (answer.kind === "unknown") return doubtful(one, answer.because);
    if (answer.kind === "pending") return undefined;
    // ARM says done: a group that is there all the same has been made anew, unless the first look was stale.
    const again = await look();
    if (again === undefined) return { kind: "gone" };
    return isDeleting(again) ? undefined : { kind: "came-back" };
  } catch {
    return undefined;
  }
}

/** A group that stands there, and whose operation cannot be read, has failed when it still does some looks later. */
function doubtful(one: InFlight, because: string): Outcome | undefined {
  one.unclearLooks = (one.unclearLooks ?? 0) + 1;
  if (one.unclearLooks < UNCLEAR_LOOKS) return undefined;
  return { kind: "failed", because: `it stands there and is not being deleted any more (${because})` };
}

/** Finalizers that nobody has taken off by then are somebody's to look at; the other deletes are not kept waiting. */
const HELD_FOR_MS = 5 * 60_000;

/** Remembers what holds a namespace that is going; its end for this run when that has lasted. */
function judgeHold(one: InFlight, live: GroupFacts, world: World): Outcome | undefined {
  const by = live.namespace?.heldBy;
  one.held = by === undefined ? undefined : { since: one.held?.since ?? world.monotonic(), by };
  if (one.held === undefined || world.monotonic() - one.held.since < HELD_FOR_MS) return undefined;
  return { kind: "still-deleting", because: sayHeld(one.held.by, "for 5 minutes") };
}

function sayHeld(by: readonly string[], how: string): string {
  return `something holds it (${how}): ${by.join("; ")}`;
}

function sayCount(all: readonly InFlight[]): string {
  const namespaces = all.filter(({ group }) => group.namespace !== undefined).length;
  const groups = all.length - namespaces;
  const counts = [
    ...(groups === 0 ? [] : [`${groups} group${groups === 1 ? "" : "s"}`]),
    ...(namespaces === 0 ? [] : [`${namespaces} namespace${namespaces === 1 ? "" : "s"}`]),
  ];
  return `${counts.join(" and ")} ${all.length === 1 ? "is" : "are"} being deleted`;
}
