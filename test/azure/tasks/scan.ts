import { TaskFailure } from "./failure.ts";
import { withTag } from "./task.ts";

/** What an image is made from, as acb's scanner sees it before docker is asked. */
export interface Dependencies {
  /** The base of the stage that is built; `scratch` counts. */
  readonly runtime: string;
  readonly buildtime: readonly string[];
}

export interface ScanInput {
  readonly dockerfile: string;
  readonly tags: readonly string[];
  /** Fields behind `--build-arg`, quotes and all. */
  readonly buildArgs: readonly string[];
  readonly target: string | undefined;
  /** Whether `FROM --platform=…` is understood; reports up to 2025 say that it is not. */
  readonly knowsPlatform: boolean;
}

/**
 * Finds base images as acr-builder's scan/dependencies.go does, with what it does not understand.
 * @throws TaskFailure with the text that the scanner prints
 */
export function scanDockerfile({ dockerfile, tags, buildArgs, target, knowsPlatform }: ScanInput): Dependencies {
  const values = new Map(buildArgs.map(readAssignment));
  const origins = new Map<string, string>();
  const bases = new Set<string>();
  let origin = "";
  for (const raw of dockerfile.replace(/^\uFEFF/, "").split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const [instruction = "", ...given] = line.split(/\s+/);
    if (instruction.toUpperCase() === "ARG" && given[0]?.includes("=") === true) {
      const [name, value] = readAssignment(given[0]);
      if (!values.has(name)) values.set(name, value);
    }
    if (instruction.toUpperCase() !== "FROM") continue;
    const words = knowsPlatform ? given.filter((word) => !word.startsWith("--platform=")) : given;
    const [image, as, alias] = words;
    if (image === undefined || (as !== undefined && (as.toLowerCase() !== "as" || alias === undefined))) {
      throw new TaskFailure(`unable to understand line ${line}`);
    }
    const expanded = image.replace(/\$(?:\{([^}]*)\}|(\w+))/g, (_, long, short) => values.get(long ?? short) ?? "");
    const known = origins.get(expanded);
    origin = known ?? expanded;
    if (known === undefined) bases.add(expanded);
    if (alias !== undefined) origins.set(alias, origin);
    if (target !== undefined && alias === target) break;
  }
  if (bases.size === 0) throw new TaskFailure("unexpected dockerfile format");
  for (const reference of [...tags, ...bases]) requireReference(reference);
  return { runtime: origin, buildtime: [...bases].filter((base) => base !== origin) };
}

/** @throws TaskFailure where there is no `=`: a build argument without a value does not pass the scanner */
function readAssignment(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 0) throw new TaskFailure(`${text} cannot be split into 2 tokens with '='`);
  const value = text.slice(at + 1).replace(/^"+|"+$/g, "");
  return [text.slice(0, at), value.replace(/^'+|'+$/g, "")];
}

const REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

function requireReference(reference: string): void {
  const tagged = withTag(reference);
  if (REFERENCE.test(tagged)) return;
  throw new TaskFailure(
    `failed to parse image reference, ensure tags have a valid format: ${tagged}: invalid reference format`,
  );
}

/** An image taken apart as the log and the run show it. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
}

/** Names without a host with a dot are of Docker Hub (`NewImageReference`). */
export function imageParts(reference: string): ImageParts {
  const [path = ""] = withTag(reference).split("@");
  const tag = /:([\w.-]+)$/.exec(path)?.[1];
  const name = tag === undefined ? path : path.slice(0, -tag.length - 1);
  const [first = "", ...rest] = name.split("/");
  const tagged = tag === undefined ? {} : { tag };
  if (rest.length > 0 && first.includes(".")) return { registry: first, repository: rest.join("/"), ...tagged };
  const repository = rest.length === 0 ? `library/${name}` : name;
  return { registry: "registry.hub.docker.com", repository, ...tagged };
}
