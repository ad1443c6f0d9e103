import fc from "fast-check";

/**
 * Any code point, lone surrogates among them. fast-check's own `binary` unit takes a second to set up in each file, a
 * tenth of all unit tests' time.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10_ffff }).map((point) => String.fromCodePoint(point));
