import { type Parsed, refuse } from "./problem.ts";
import type { Repository } from "./repository.ts";

/** Characters of host, slash and name together, which is what registries and clients agree on (OCI distribution spec). */
const LONGEST = 255;

/**
 * Where to push: `team/app` means the default registry; a first part with a dot, a colon or the word `localhost` is a
 * registry of its own, as for Docker.
 *
 * Problems have the code `image-name-invalid`.
 *
 * @param defaultHost the login server of the registry that the action is about.
 */
export function parseRepository(text: string, defaultHost: string): Parsed<Repository> {
  const { host, path } = splitHost(text);
  const name = host === "docker.io" && !path.includes("/") ? `library/${path}` : path;
  const repository = { host: host ?? defaultHost, name };
  const fault = findFault(text, repository);
  return fault === undefined ? { value: repository } : refuse("image-name-invalid", `"${text}" ${fault}.`);
}

/**
 * The registry in a name, by Docker's rule, and the rest. Hosts are compared without case; Docker Hub has two names.
 */
export function splitHost(text: string): { readonly host: string | undefined; readonly path: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(slash, 0)).toLowerCase();
  if (slash < 0 || !(/[.:]/.test(first) || first === "localhost")) return { host: undefined, path: text };
  return { host: first === "index.docker.io" ? "docker.io" : first, path: text.slice(slash + 1) };
}

/** What is wrong with a repository, as the end of a sentence that begins with the text; undefined when nothing is. */
export function findFault(text: string, { host, name }: Repository): string | undefined {
  if (text === "") return "is empty: write a name such as team/app";
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) return `begins with ${scheme}: write ${text.slice(scheme.length)}`;
  if (name.includes("@")) return `holds a digest: name only the repository, ${bare(text, "@")}`;
  if (name.includes(":")) return `holds a tag: name only the repository, ${bare(text, ":")}, and the tag under "tags"`;
  return findHostFault(host) ?? findNameFault(name) ?? findLength(host, name);
}

function bare(text: string, sign: string): string {
  return text.slice(0, text.lastIndexOf(sign));
}

function findHostFault(host: string): string | undefined {
  const [, name = "", port] = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(.*))?$/.exec(host) ?? [];
  const goodPort = port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  const label = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
  const goodName = name.startsWith("[") || name.split(".").every((part) => label.test(part));
  if (goodPort && goodName) return undefined;
  const what = goodPort ? "is no host name" : "has no port from 1 to 65535 behind its colon (and no tag holds a slash)";
  return `begins with the registry "${host}", which ${what}: write one such as mayfly.azurecr.io or localhost:5000`;
}

function findNameFault(name: string): string | undefined {
  if (/[A-Z]/.test(name)) return `has upper-case letters, which no registry takes: write ${name.toLowerCase()}`;
  if (name === "") return "names a registry and no repository: write a name behind the slash";
  const parts = name.split("/");
  if (parts.includes("")) return "has an empty part: no slash at either end, and none beside another";
  const odd = /[^a-z0-9._/-]/u.exec(name)?.[0];
  if (odd !== undefined)
    return `holds ${JSON.stringify(odd)}: only a-z, 0-9 and, between them, ".", "_" and "-" may stand`;
  for (const part of parts) {
    if (/^[._-]|[._-]$/.test(part)) return `has the part "${part}", which must begin and end with a letter or digit`;
    const run = /[._-]{2,}/g;
    const wrong = (part.match(run) ?? []).find((signs) => !/^(?:__|-+)$/.test(signs));
    if (wrong !== undefined)
      return `has "${wrong}" in the part "${part}": one ".", one or two "_" or some "-" may stand`;
  }
  return undefined;
}

function findLength(host: string, name: string): string | undefined {
  const length = host.length + 1 + name.length;
  return length <= LONGEST
    ? undefined
    : `is too long: with its registry it has ${length} characters, and ${LONGEST} are the most`;
}
