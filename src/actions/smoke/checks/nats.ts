import { NatsFault } from "../../../smoke/nats-fault.ts";
import type { Nats } from "../../../smoke/spec/checks/nats.ts";
import type { Checker, Look } from "../look.ts";
import type { Errand } from "../nats/errand.ts";
import { askOnce, publishOnce } from "../nats/messages.ts";
import { dropConnection, shareConnection } from "../nats/share-connection.ts";
import { ensureConsumer, ensureStream } from "../nats/streams.ts";
import { lookAtReceived, subscribeOnce } from "../nats/subscriptions.ts";
import { listBehind } from "../reach.ts";
import type { Scope } from "../scope.ts";
import { lookUnreached } from "../unreached.ts";

/** Faults by which nothing is known of what is behind the server. */
const UNSEEN: ReadonlySet<string> = new Set(["unreachable", "lost", "timeout"]);

/** Streams, consumers and messages of NATS. */
export const natsChecker: Checker<"nats"> = {
  begin: (payload, scope) => {
    const { received } = payload;
    if (received !== undefined) return { look: () => lookAtReceived(received, scope) };
    const errand = chooseErrand(payload, scope);
    return { look: () => run(errand, payload, scope) };
  },
};

function chooseErrand({ stream, consumer, subscribe, publish, request }: Nats, scope: Scope): Errand {
  if (stream !== undefined) return ensureStream(stream);
  if (consumer !== undefined) return ensureConsumer(consumer);
  if (subscribe !== undefined) return subscribeOnce(subscribe, scope);
  if (publish !== undefined) return publishOnce(publish, scope);
  if (request !== undefined) return askOnce(request, scope);
  throw new Error("a check of nats without anything to do");
}

async function run({ expected, look }: Errand, payload: Nats, scope: Scope): Promise<Look> {
  const seen = await tryLook(look, payload, scope, expected);
  if (seen.state === "holds" || seen.involved !== undefined) return seen;
  return { ...seen, involved: await listBehind(payload.server, scope) };
}

async function tryLook(look: Errand["look"], payload: Nats, scope: Scope, expected: string): Promise<Look> {
  try {
    return { expected, ...(await look(await shareConnection(payload, scope))) };
  } catch (error) {
    // Of whom nothing is heard, nothing is known, not even that something is not there.
    if (!(error instanceof NatsFault)) return lookUnreached(error, expected);
    if (error.code === "lost") await dropConnection(payload, scope);
    return { state: UNSEEN.has(error.code) ? "unseen" : "not-yet", expected, seen: error.message };
  }
}
