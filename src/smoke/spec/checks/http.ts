import * as v from "valibot";
import { bindingName } from "../binding-name.ts";
import { atLeastOneOf, exactlyOneOf } from "../demand.ts";
import { duration } from "../duration.ts";
import { about, filled, flag, list, mapping, texts } from "../fields.ts";
import { jsonPath, jsonpath } from "../json-path.ts";
import { matcher, pattern } from "../matcher.ts";
import { ROUTE, route, url } from "../place.ts";
import { strictMapping } from "../strict-mapping.ts";

const STATUS = "a status such as 200";
const status = v.pipe(v.number(STATUS), v.integer(STATUS), v.minValue(100, STATUS), v.maxValue(599, STATUS));

type Capture = { readonly jsonpath: string } | { readonly header: string } | { readonly regex: string };

/** Where a value is taken from, to be used by later checks. */
const capture = v.pipe(
  strictMapping({
    jsonpath: about("The first value at this path of the body.", v.optional(jsonPath)),
    header: about("A header of the answer.", v.optional(filled("a header's name"))),
    regex: about("The first group of a regular expression, in the body.", v.optional(pattern)),
  }),
  exactlyOneOf(["jsonpath", "header", "regex"]),
  v.transform((fields): Capture => fields as Capture),
);

/** An answer of a web service. */
export const http = v.pipe(
  strictMapping({
    url: about("What is asked: an address, or a Service of the cluster.", url),
    route: about(ROUTE, v.optional(route)),
    method: about(
      "How it is asked.",
      v.optional(v.picklist(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]), "GET"),
    ),
    requestHeaders: about("Headers that are sent.", v.optional(texts)),
    requestBody: about("A text is sent as it stands, anything else as JSON.", v.optional(v.unknown())),
    followRedirects: about("Goes where the answer points to.", v.optional(flag, false)),
    status: about(
      "One status, or a list of them. Where left out, one below 300; with `redirect`, below 400.",
      v.optional(v.union([status, list(status, "a list of statuses")], `${STATUS}, or a list of them`)),
    ),
    headers: about(
      "What headers of the answer have to be.",
      v.optional(mapping(matcher, "a mapping from a header's name to what it has to be")),
    ),
    body: about("What the answer's body has to be.", v.optional(matcher)),
    jsonpath: about("A path (RFC 9535) to what its first value has to be.", v.optional(jsonpath)),
    maxLatency: about("What it may take, from the request to the last byte.", v.optional(duration)),
    redirect: about("What the address has to be that a redirect points to.", v.optional(matcher)),
    certificate: about(
      "The certificate of TLS.",
      v.optional(
        strictMapping({
          daysLeft: about(
            "For how long it has to be valid.",
            v.pipe(v.number("a number of days"), v.minValue(0, "a number of days from 0")),
          ),
        }),
      ),
    ),
    captures: about(
      "Values of the answer for later checks, by the name of a binding.",
      v.optional(mapping(capture, "a mapping from a name to where its value is taken from", bindingName)),
    ),
  }),
  atLeastOneOf(["status", "headers", "body", "jsonpath", "maxLatency", "redirect", "certificate"]),
  v.description("An answer of a web service."),
);

export type Http = v.InferOutput<typeof http>;
