/** The parts of an image's name that say where it comes from. */
export interface ImageName {
  /** `docker.io` where none is named. */
  readonly host: string;
  /** `mayfly` of `mayfly.azurecr.io`; undefined for other registries. */
  readonly azureRegistry: string | undefined;
  readonly repository: string;
  /** What it asks for: `tag 1.2`, `digest sha256:…`. */
  readonly version: string;
}

/** Reads an image's name as container runtimes do. Never fails: a name that is none is told as well as can be. */
export function readImageName(image: string): ImageName {
  const [named = "", digest] = image.split("@");
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const hosted = /[.:]|^localhost$/.test(first);
  const path = hosted ? named.slice(slash + 1) : named;
  const colon = path.lastIndexOf(":");
  const tag = colon < 0 ? "latest" : path.slice(colon + 1);
  const host = hosted ? first : "docker.io";
  return {
    host,
    azureRegistry: /^([\w-]+)\.azurecr\.(?:io|cn|us)$/.exec(host)?.[1],
    repository: colon < 0 ? path : path.slice(0, colon),
    version: digest === undefined ? `tag ${tag}` : `digest ${digest}`,
  };
}
