import type { BuildSecret } from "../../image/build-request.ts";

/**
 * A line of `secrets`: `id=npm,env=NPM_TOKEN`, `id=npm,src=.npmrc`, or `id=NPM_TOKEN` alone for the variable of that
 * name. A value itself is no way to give one: it would stand in a process list. Undefined for anything else, which the
 * caller must not quote: it may hold the secret.
 */
export function parseBuildSecret(line: string): BuildSecret | undefined {
  const fields = new Map<string, string>();
  for (const part of line.split(",")) {
    const [, key, value] = /^\s*(id|env|src|source|type)\s*=\s*(\S.*?)\s*$/.exec(part) ?? [];
    if (key === undefined || value === undefined) return undefined;
    fields.set(key === "source" ? "src" : key, value);
  }
  const id = fields.get("id");
  const env = fields.get("env");
  const path = fields.get("src");
  const type = fields.get("type");
  if (id === undefined || (env !== undefined && path !== undefined)) return undefined;
  if (path !== undefined && type !== "env") return { id, from: { kind: "file", path } };
  const name = env ?? path ?? id;
  return type !== "file" && /^[A-Za-z_]\w*$/.test(name) ? { id, from: { kind: "env", name } } : undefined;
}
