import * as v from "valibot";
import { about, filled, list, texts } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { ROUTE, route, url } from "../place.ts";
import { strictMapping } from "../strict-mapping.ts";

const sample = strictMapping({
  name: about("The metric's name.", filled("a metric's name")),
  labels: about("Labels that it has to have; it may have more.", v.optional(texts)),
  value: about("What the value has to be; that there is one, where left out.", v.optional(matcher)),
});

/** What an endpoint in Prometheus' text form says. */
export const metrics = v.pipe(
  strictMapping({
    url: about("Where the metrics are.", url),
    route: about(ROUTE, v.optional(route)),
    requestHeaders: about("Headers that are sent.", v.optional(texts)),
    samples: about("What has to be there.", list(sample, "a list of samples")),
  }),
  v.description("What an endpoint in Prometheus' text form says."),
);

export type Metrics = v.InferOutput<typeof metrics>;
