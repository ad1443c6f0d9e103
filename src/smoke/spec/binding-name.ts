import * as v from "valibot";

const NAME = "a name of letters, digits and _";

/** A name that can be used as `${name}`. */
export const bindingName = v.pipe(v.string(NAME), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, NAME));
