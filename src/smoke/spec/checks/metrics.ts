import * as v from "valibot";
import { filled, list } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { route, url } from "../place.ts";

const sample = v.strictObject({
  name: filled("a metric's name"),
  /** Labels that it has to have; it may have more. */
  labels: v.optional(v.record(v.string(), v.string())),
  /** What the value has to be; that there is one, where left out. */
  value: v.optional(matcher),
});

/** What an endpoint in Prometheus' text form says. */
export const metrics = v.strictObject({
  url,
  route: v.optional(route),
  requestHeaders: v.optional(v.record(v.string(), v.string(), "headers, each a text")),
  samples: list(sample, "a list of samples"),
});

export type Metrics = v.InferOutput<typeof metrics>;
