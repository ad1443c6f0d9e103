import { type Parsed, refuse } from "./problem.ts";

/** Characters of a tag (OCI distribution spec). */
export const LONGEST_TAG = 128;

/**
 * A tag as every registry takes it: up to 128 letters, digits, `.`, `_` and `-`, not beginning with `.` or `-`. Upper
 * case is allowed and kept.
 *
 * Problems have the code `tag-invalid`.
 */
export function parseTag(text: string): Parsed<string> {
  const fault = findTagFault(text);
  return fault === undefined ? { value: text } : refuse("tag-invalid", `The tag "${text}" ${fault}.`);
}

function findTagFault(text: string): string | undefined {
  if (text === "") return "is empty";
  const odd = /[^A-Za-z0-9._-]/u.exec(text)?.[0];
  if (odd === "/" && text.includes(":"))
    return "is a whole reference: write the tag only, and the repository under images";
  if (odd !== undefined) return `holds ${JSON.stringify(odd)}: only letters, digits, ".", "_" and "-" may stand`;
  if (/^[.-]/.test(text)) return `begins with "${text.charAt(0)}": a letter, a digit or "_" must come first`;
  if (text.length > LONGEST_TAG) return `has ${text.length} characters, and ${LONGEST_TAG} are the most`;
  return undefined;
}
