import { parse } from "yaml";
import { CREDENTIAL_FIELDS, type StaticCredential } from "./render-kubeconfig.ts";

/** The parts of a credential that open something: to be masked before anything else is done with them. */
export function listSecrets(credential: StaticCredential): readonly string[] {
  const { token, password, "client-key-data": key } = credential;
  // Clients decode it, and may print what they have.
  const decoded = key === undefined ? undefined : Buffer.from(key, "base64").toString();
  return [token, password, key, decoded].filter((secret) => secret !== undefined && secret !== "") as string[];
}

/**
 * The credential that a kubeconfig's only or current user has in the file itself.
 *
 * @returns undefined where there is none: the user is asked for elsewhere, or the text is no kubeconfig
 */
export function readCredential(text: string): StaticCredential | undefined {
  const config = asFields(parseYaml(text));
  const users = listOf(config["users"]);
  const context = listOf(config["contexts"]).find(({ name }) => name === config["current-context"]);
  const wanted = asFields(context?.["context"])["user"];
  const entry = users.find(({ name }) => name === wanted) ?? (users.length === 1 ? users[0] : undefined);
  const user = asFields(entry?.["user"]);
  const found = CREDENTIAL_FIELDS.flatMap((name) => {
    const value = user[name];
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

type Fields = Readonly<Record<string, unknown>>;

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(asFields) : [];
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // The parser quotes the line that it stopped at, which may hold a credential.
    return undefined;
  }
}
