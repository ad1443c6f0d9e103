import { randomUUID } from "node:crypto";
import { matchMessage, tellMessageMatcher } from "../../../smoke/match-message.ts";
import { NatsFault } from "../../../smoke/nats-fault.ts";
import type { Nats } from "../../../smoke/spec/checks/nats.ts";
import { tellValue } from "../../../smoke/tell-value.ts";
import type { Scope } from "../scope.ts";
import type { NatsMessage } from "../world.ts";
import type { Errand } from "./errand.ts";

type Given<K extends keyof Nats> = NonNullable<Nats[K]>;

const LONGEST_REQUEST_MS = 5_000;
/** After these nobody knows whether the message has arrived. */
const DOUBTFUL: ReadonlySet<string> = new Set(["lost", "timeout"]);

/**
 * A message that is published once, however often it is looked at. A try that may have arrived is repeated only into a
 * stream, which knows the message by its id and does not store it twice.
 */
export function publishOnce({ stream, ...given }: Given<"publish">, scope: Scope): Errand {
  const message = readMessage(given);
  const ownId = Object.keys(message.headers).every((name) => name.toLowerCase() !== "nats-msg-id");
  const id = `mayfly-${randomUUID()}`;
  /** When a try was sent that may have arrived. */
  let doubtfulAt: number | undefined;
  let published = false;
  const done = (atMs: number) => {
    published = true;
    scope.memory.publishedAtMs = Math.max(atMs, scope.memory.publishedAtMs ?? atMs);
  };
  return {
    expected:
      stream === undefined ? `published to ${message.subject}` : `${message.subject} stored in stream ${stream}`,
    look: async (nats) => {
      const seen = `published${stream === undefined ? "" : `, stored in stream ${stream}`}`;
      if (published) return { state: "holds", seen };
      if (doubtfulAt !== undefined && stream === undefined) {
        return { state: "unseen", seen: "it may have been published, and is not published again" };
      }
      const atMs = scope.elapsed();
      try {
        await nats.publish({ ...message, stream, ...(ownId ? { id } : {}) });
        done(atMs);
      } catch (error) {
        const code = error instanceof NatsFault ? error.code : "";
        if (code === "duplicate" && ownId && doubtfulAt !== undefined) {
          done(doubtfulAt);
          return { state: "holds", seen: `${seen} by a try before this one` };
        }
        if (code === "duplicate" && error instanceof NatsFault) return { state: "never", seen: error.message };
        if (DOUBTFUL.has(code)) doubtfulAt ??= atMs;
        throw error;
      }
      return { state: "holds", seen };
    },
  };
}

/** Somebody answers. It is asked anew at each look. */
export function askOnce({ answer = {}, ...given }: Given<"request">, scope: Scope): Errand {
  const message = readMessage(given);
  const wanted = tellMessageMatcher(answer);
  return {
    expected: `an answer from ${message.subject}${wanted === "" ? "" : ` with ${wanted}`}`,
    look: async (nats) => {
      const answered = await nats.request(message, Math.max(1, Math.min(LONGEST_REQUEST_MS, scope.left())));
      return { state: matchMessage(answer, answered) ? "holds" : "not-yet", seen: `answered ${tellValue(answered)}` };
    },
  };
}

function readMessage({
  subject,
  data,
  headers = {},
}: Pick<Given<"publish">, "subject" | "data" | "headers">): NatsMessage {
  const text = typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data);
  return { subject, data: text, headers };
}
