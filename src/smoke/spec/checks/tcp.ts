import * as v from "valibot";
import { address } from "../place.ts";

/** Somebody takes connections at an address. */
export const tcp = v.strictObject({ address });

export type Tcp = v.InferOutput<typeof tcp>;
