import { asObject, type Json } from "../wire.ts";
import { ArmFailure } from "./failure.ts";

const TAG = /^tagname eq '((?:[^']|'')*)'(?:\s+and\s+tagvalue eq '((?:[^']|'')*)')?$/i;

/**
 * `tagName eq 'a' and tagValue eq 'b'`: names fold case, values do not. az writes the words in lower case.
 * @throws ArmFailure 400 for any other filter
 */
export function tagFilter(filter: string | undefined): (body: Json) => boolean {
  if (filter === undefined || filter === "") return () => true;
  const [, name, value] = TAG.exec(filter.trim()) ?? [];
  if (name === undefined) {
    throw new ArmFailure(
      400,
      "InvalidFilterInQueryString",
      `Invalid $filter '${filter}' specified in the query string.`,
    );
  }
  const wanted = unquoted(name).toLowerCase();
  return (body) =>
    Object.entries(asObject(body["tags"]) ?? {}).some(
      ([tag, text]) => tag.toLowerCase() === wanted && (value === undefined || text === unquoted(value)),
    );
}

/** The operand of `roleName eq 'AcrPull'` and its like; undefined where the filter asks for something else. */
export function equalTo(filter: string | undefined, field: string): string | undefined {
  const operand = new RegExp(`^${field} eq '((?:[^']|'')*)'$`, "i").exec(filter?.trim() ?? "")?.[1];
  return operand === undefined ? undefined : unquoted(operand);
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}
