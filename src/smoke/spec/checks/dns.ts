import * as v from "valibot";
import { filled } from "../fields.ts";
import { matcher } from "../matcher.ts";

/** A name resolves. */
export const dns = v.strictObject({
  name: filled("a host name"),
  type: v.optional(v.picklist(["A", "AAAA", "CNAME", "TXT", "SRV"]), "A"),
  /** Who is asked: the cluster's own DNS, or this machine's. Names that end in `cluster.local` are the cluster's. */
  from: v.optional(v.picklist(["cluster", "runner"], "cluster or runner")),
  /** What the list of answers has to be, such as `{includes: 10.0.0.4}`. */
  answers: v.optional(matcher),
});

export type Dns = v.InferOutput<typeof dns>;
