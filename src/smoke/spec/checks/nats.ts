import * as v from "valibot";
import { exactlyOneOf } from "../demand.ts";
import { about, count, filled, flag, list, text, texts } from "../fields.ts";
import { jsonpath } from "../json-path.ts";
import { matcher } from "../matcher.ts";
import { address, ROUTE, route } from "../place.ts";
import { strictMapping } from "../strict-mapping.ts";

const subject = filled("a subject such as orders.new");
const NAME = "a name without spaces, dots, * and >";
const name = v.pipe(v.string(NAME), v.regex(/^[^\s.*>/\\]+$/, NAME));
const message = {
  subject: about("Where it goes.", subject),
  data: about("A text is sent as it stands, anything else as JSON.", v.optional(v.unknown())),
  headers: about("Headers of the message.", v.optional(texts)),
} as const;
const expected = {
  data: about("What the data has to be.", v.optional(matcher)),
  jsonpath: about("A path (RFC 9535) to what its first value has to be.", v.optional(jsonpath)),
} as const;

const stream = {
  name: about("The stream's name.", name),
  messages: about("How many messages are in it.", v.optional(matcher)),
  replicas: about("How many servers keep it.", v.optional(matcher)),
} as const;

const consumer = {
  stream: about("Whose messages it takes.", name),
  name: about("The consumer's name.", name),
  pending: about("`num_pending`: not delivered yet.", v.optional(matcher)),
  ackPending: about("`num_ack_pending`: delivered and not acknowledged.", v.optional(matcher)),
  lag: about("Both together.", v.optional(matcher)),
} as const;

const server = {
  server: about("Where the server is.", address),
  route: about(ROUTE, v.optional(route)),
  user: about("Who logs in.", v.optional(text)),
  password: about("With what; a binding of a Secret, as `${password}`.", v.optional(text)),
  token: about("Instead of user and password.", v.optional(text)),
} as const;

const received = about(
  "Looks at what a `subscribe` has heard.",
  v.optional(
    strictMapping({
      subscription: about("The name of the `subscribe`.", filled("the name of a subscribe")),
      count: about("How many messages there have to be that are so.", v.optional(count, 1)),
      ...expected,
    }),
  ),
);

const request = about(
  "Asks, and looks at the answer.",
  v.optional(
    strictMapping({
      ...message,
      answer: about("What the answer has to be; any is good where left out.", v.optional(strictMapping(expected))),
    }),
  ),
);

/** One thing to do or to look at in NATS. */
export const nats = v.pipe(
  strictMapping({
    ...server,
    stream: about(
      "A stream that has to be there; made when `subjects` are given and it is not.",
      v.optional(
        strictMapping({
          ...stream,
          subjects: about(
            "What it takes; with them it is made when it is not there.",
            v.optional(list(subject, "a list of subjects")),
          ),
        }),
      ),
    ),
    consumer: about(
      "A durable consumer that has to be there; made when `ensure` is true and it is not.",
      v.optional(
        strictMapping({ ...consumer, ensure: about("Makes it when it is not there.", v.optional(flag, false)) }),
      ),
    ),
    subscribe: about(
      "Begins to listen, before anything is published; `received` looks at what came.",
      v.optional(
        strictMapping({
          subject: about("What it listens to.", subject),
          as: about("A name for `received`.", filled("a name")),
        }),
      ),
    ),
    publish: about(
      "Publishes once, however often the check is looked at.",
      v.optional(strictMapping({ ...message, stream: about("Where it has to be stored.", v.optional(name)) })),
    ),
    received,
    request,
  }),
  exactlyOneOf(["stream", "consumer", "subscribe", "publish", "received", "request"]),
  v.description("One thing to do or to look at in NATS."),
);

/** What can be looked at in NATS without a change: what is made, or published, is there because of the check itself. */
export const natsLook = v.pipe(
  strictMapping({
    ...server,
    stream: about("A stream.", v.optional(strictMapping(stream))),
    consumer: about("A durable consumer.", v.optional(strictMapping(consumer))),
    received,
    request,
  }),
  exactlyOneOf(["stream", "consumer", "received", "request"]),
  v.description("One thing to look at in NATS."),
);

export type Nats = v.InferOutput<typeof nats>;
