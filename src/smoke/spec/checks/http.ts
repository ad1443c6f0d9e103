import * as v from "valibot";
import { duration } from "../duration.ts";
import { atLeastOneOf, filled, mapping } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { route, url } from "../place.ts";

const status = v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599));

/** Where a value is taken from, to be used by later checks. */
const capture = v.union(
  [
    v.strictObject({ jsonpath: filled("a JSONPath such as $.id") }),
    v.strictObject({ header: filled("a header's name") }),
    v.strictObject({ regex: filled("a regular expression with one group") }),
  ],
  "one of jsonpath, header, regex",
);

/** An answer of a web service. */
export const http = v.pipe(
  v.strictObject({
    url,
    route: v.optional(route),
    method: v.optional(v.picklist(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]), "GET"),
    requestHeaders: v.optional(v.record(v.string(), v.string(), "headers, each a text")),
    /** A text is sent as it stands, anything else as JSON. */
    requestBody: v.optional(v.unknown()),
    followRedirects: v.optional(v.boolean("true or false"), false),
    status: v.optional(v.union([status, v.array(status)], "a status such as 200, or a list of them")),
    headers: v.optional(mapping(matcher, "a mapping from a header's name to what it has to be")),
    body: v.optional(matcher),
    /** RFC 9535 path to what its first value has to be. */
    jsonpath: v.optional(mapping(matcher, "a mapping from a JSONPath to what its value has to be")),
    /** From the request to the last byte. */
    maxLatency: v.optional(duration),
    /** The address that a redirect points to. */
    redirect: v.optional(matcher),
    /** Of TLS. */
    certificate: v.optional(v.strictObject({ daysLeft: v.pipe(v.number("a number of days"), v.minValue(0)) })),
    captures: v.optional(mapping(capture, "a mapping from a name to where its value is taken from")),
  }),
  atLeastOneOf(["status", "headers", "body", "jsonpath", "maxLatency", "redirect", "certificate"]),
);

export type Http = v.InferOutput<typeof http>;
