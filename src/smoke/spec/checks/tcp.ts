import * as v from "valibot";
import { about } from "../fields.ts";
import { address } from "../place.ts";
import { strictMapping } from "../strict-mapping.ts";

/** Somebody takes connections at an address. */
export const tcp = v.pipe(
  strictMapping({ address: about("Where the connection goes.", address) }),
  v.description("Somebody takes connections at an address."),
);

export type Tcp = v.InferOutput<typeof tcp>;
