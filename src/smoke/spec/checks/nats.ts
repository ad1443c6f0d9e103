import * as v from "valibot";
import { count, exactlyOneOf, filled, mapping } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { address, route } from "../place.ts";

const subject = filled("a subject such as orders.new");
const name = v.pipe(v.string(), v.regex(/^[^\s.*>/\\]+$/, "a name without spaces, dots, * and >"));
const message = {
  subject,
  /** A text is sent as it stands, anything else as JSON. */
  data: v.optional(v.unknown()),
  headers: v.optional(v.record(v.string(), v.string())),
} as const;
const expected = {
  data: v.optional(matcher),
  jsonpath: v.optional(mapping(matcher, "a mapping from a JSONPath to what its value has to be")),
} as const;

/** One thing to do or to look at in NATS. */
export const nats = v.pipe(
  v.strictObject({
    server: address,
    route: v.optional(route),
    user: v.optional(v.string()),
    password: v.optional(v.string()),
    token: v.optional(v.string()),
    /** A stream that has to be there; made when `subjects` are given and it is not. */
    stream: v.optional(
      v.strictObject({
        name,
        subjects: v.optional(v.array(subject)),
        messages: v.optional(matcher),
        replicas: v.optional(matcher),
      }),
    ),
    /** A durable consumer that has to be there; made when `ensure` is true and it is not. */
    consumer: v.optional(
      v.strictObject({
        stream: name,
        name,
        ensure: v.optional(v.boolean(), false),
        /** `num_pending`: not delivered yet. */
        pending: v.optional(matcher),
        /** `num_ack_pending`: delivered and not acknowledged. */
        ackPending: v.optional(matcher),
        /** Both together. */
        lag: v.optional(matcher),
      }),
    ),
    /** Begins to listen, before anything is published; `received` looks at what came. */
    subscribe: v.optional(v.strictObject({ subject, as: filled("a name") })),
    /** Publishes once, however often the check is looked at. With `stream`, it has to be stored there. */
    publish: v.optional(v.strictObject({ ...message, stream: v.optional(name) })),
    received: v.optional(
      v.strictObject({ subscription: filled("the name of a subscribe"), count: v.optional(count, 1), ...expected }),
    ),
    /** Asks, and looks at the answer. */
    request: v.optional(v.strictObject({ ...message, ...expected })),
  }),
  exactlyOneOf(["stream", "consumer", "subscribe", "publish", "received", "request"]),
);

export type Nats = v.InferOutput<typeof nats>;
