import { createHash } from "node:crypto";

/** Settings of backends that are secrets, by the words in their names: access_key, sas_token, client_secret, … */
const SECRET =
  /(^|_)(access_?key|secret|secret_?key|sas|sas_token|token|password|passwd|credentials|encryption_key|private_key(_pem)?|conn_str)$|secret/i;
/** Where something is read from is no secret. */
const PLACE = /_(path|file|file_path|url|id|name|endpoint)$|^shared_credentials/i;

/** Whether the value of a backend's setting is a secret. */
export function isSecretSetting(name: string): boolean {
  return SECRET.test(name) && !PLACE.test(name);
}

/**
 * An address without what only its owner may know: user and password are left out, and of a query, which may hold a token
 * as well as the state's name, stays what tells it from another.
 */
export function stripCredentials(address: string): string {
  if (!/^[a-z][\w+.-]*:\/\//i.test(address) || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = "";
  url.password = "";
  if (url.search !== "") url.search = createHash("sha256").update(url.search).digest("hex").slice(0, 16);
  return url.href;
}
