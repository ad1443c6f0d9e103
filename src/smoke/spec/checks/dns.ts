import * as v from "valibot";
import { about, filled } from "../fields.ts";
import { matcher } from "../matcher.ts";
import { strictMapping } from "../strict-mapping.ts";

/** A name resolves. */
export const dns = v.pipe(
  strictMapping({
    name: about("What is resolved.", filled("a host name")),
    type: about("Which records.", v.optional(v.picklist(["A", "AAAA", "CNAME", "TXT", "SRV"]), "A")),
    from: about(
      "Who is asked: the cluster's own DNS, or this machine's. Names that end in `cluster.local` are the cluster's where left out.",
      v.optional(v.picklist(["cluster", "runner"])),
    ),
    answers: about("What the list of answers has to be, such as `{includes: 10.0.0.4}`.", v.optional(matcher)),
  }),
  v.description("A name resolves."),
);

export type Dns = v.InferOutput<typeof dns>;
