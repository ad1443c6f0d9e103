/** Names that the action gives to every spec: neither variables nor bindings can have them. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(["namespace", "release", "terraform", "run"]);
