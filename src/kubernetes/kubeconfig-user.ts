import { dirname, isAbsolute, join } from "node:path";
import { type EntryPlace, readFileField, readText } from "./kubeconfig-field.ts";

/** A user of a kubeconfig, in the words that the file has for it. */
export interface UserEntry {
  /** In the messages about it. */
  readonly name: string;
  readonly token?: string;
  /** Read again for each request: who wrote it may renew it. */
  readonly tokenFile?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-certificate"?: string;
  readonly "client-key-data"?: string;
  readonly "client-key"?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecEntry;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
}

/** A program that prints credentials. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly provideClusterInfo: boolean;
  readonly installHint: string;
}

const TEXTS = [
  "token",
  "client-certificate-data",
  "client-key-data",
  "username",
  "password",
  "as",
  "as-uid",
] as const satisfies readonly (keyof UserEntry)[];
const FILES = ["tokenFile", "client-certificate", "client-key"] as const satisfies readonly (keyof UserEntry)[];

/** Undefined when something is wrong with it, which is noted. */
export function readUserEntry(fields: Readonly<Record<string, unknown>>, at: EntryPlace): UserEntry | undefined {
  const note = (problem: string): void => at.note(`user "${at.name}": ${problem}`);
  const place = { ...at, note };
  const entry: Record<string, unknown> = { name: at.name };
  for (const key of TEXTS) {
    const value = readText(fields, key);
    if (value !== undefined) entry[key] = value.trim();
  }
  for (const key of FILES) {
    const value = readFileField(fields, key, place);
    // Data goes first, as in client-go.
    if (value !== undefined && entry[`${key}-data`] === undefined) entry[key] = value;
  }
  const groups = fields["as-groups"];
  if (Array.isArray(groups)) entry["as-groups"] = groups.map(String);
  if (fields["auth-provider"] !== undefined && fields["auth-provider"] !== null) {
    note("auth-provider: kubectl has given up most of these, and it is not read here: use exec, tokenFile or token");
  }
  if (fields["exec"] !== undefined && fields["exec"] !== null) entry["exec"] = readExec(fields["exec"], place);

  const has = (kind: string): boolean => entry[`${kind}-data`] !== undefined || entry[kind] !== undefined;
  if (has("client-certificate") !== has("client-key")) {
    note(`it has a client-${has("client-key") ? "key but no client-certificate" : "certificate but no client-key"}`);
  }
  return entry as unknown as UserEntry;
}

function readExec(value: unknown, { path, note }: EntryPlace): ExecEntry | undefined {
  const fields = (typeof value === "object" ? value : {}) as Readonly<Record<string, unknown>>;
  const command = readText(fields, "command");
  if (command === undefined) {
    note("exec.command: expected a program that prints credentials");
    return undefined;
  }
  // A name is looked up in PATH, a path is beside the kubeconfig.
  const isPath = /[\\/]/.test(command) && !isAbsolute(command);
  const env = (Array.isArray(fields["env"]) ? fields["env"] : []).map((each) => ({
    name: String(each?.name),
    value: String(each?.value ?? ""),
  }));
  return {
    apiVersion: readText(fields, "apiVersion") ?? "client.authentication.k8s.io/v1",
    command: isPath ? join(dirname(path), command) : command,
    args: (Array.isArray(fields["args"]) ? fields["args"] : []).map(String),
    env,
    provideClusterInfo: fields["provideClusterInfo"] === true,
    installHint: readText(fields, "installHint") ?? "",
  };
}

/** What of a user must never be printed: it is registered before anything else is done with it. */
export function listUserSecrets(user: UserEntry): readonly string[] {
  const key = user["client-key-data"];
  const secrets = [
    user.token,
    user.password,
    key,
    key === undefined ? undefined : Buffer.from(key, "base64").toString(),
    ...(user.exec?.env ?? []).filter(isSecret).map(({ value }) => value),
  ];
  return secrets.filter((secret): secret is string => typeof secret === "string" && secret !== "");
}

/** A short value would blank out ordinary words. */
function isSecret({ name, value }: { readonly name: string; readonly value: string }): boolean {
  return /token|secret|password|key/i.test(name) && value.length >= 8;
}
