import { parseReference } from "../parse-reference.ts";
import { expandWord } from "./expand-word.ts";
import type { Dockerfile, Fetch, Stage } from "./read-dockerfile.ts";

/** What a build is told besides the Dockerfile, as far as it decides which images are fetched. */
export interface BuildChoice {
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  /** The one platform that is looked at; undefined where only the builder knows it. */
  readonly platform: string | undefined;
}

/** What the stages that are really built take from elsewhere. */
export interface StageNeeds {
  readonly images: readonly ImageUse[];
  /** Named contexts by their names. */
  readonly contexts: readonly string[];
  readonly fetches: readonly Fetch[];
  readonly unresolved: readonly Unresolved[];
}

export interface ImageUse {
  /** As it is asked for: `alpine:3.20`. */
  readonly reference: string;
  readonly how: "from" | "copy" | "mount";
  readonly line: number;
}

/** A name that cannot be told without guessing. */
export interface Unresolved {
  readonly line: number;
  readonly because: string;
}

/**
 * Follows the stages from the target down, as BuildKit does: a FROM finds only stages above it, a COPY or a mount all of
 * them by name (a COPY also by number), and a named context comes before both.
 */
export function findNeeds(dockerfile: Dockerfile, choice: BuildChoice): StageNeeds {
  const find = readGlobals(dockerfile, choice);
  const contexts = new Map(Object.keys(choice.buildContexts).map((name) => [familiar(name), name]));
  const images: ImageUse[] = [];
  const used = new Set<string>();
  const fetches: Fetch[] = [];
  const unresolved: Unresolved[] = [];
  const { stages } = dockerfile;

  const take = (reference: string, how: ImageUse["how"], line: number): void => {
    const context = contexts.get(familiar(reference));
    if (context !== undefined) used.add(context);
    else if (reference !== "scratch") images.push({ reference, how, line });
  };
  const waiting = new Set<Stage>();
  const target = findTarget(stages, choice.target);
  if (target !== undefined) waiting.add(target);
  // A set takes in what is added while it is walked.
  for (const stage of waiting) {
    const own = stage.name === undefined ? undefined : contexts.get(familiar(stage.name));
    if (own !== undefined) {
      used.add(own);
      continue;
    }
    const base = expandWord(stage.base, find, dockerfile.escape);
    if ("because" in base) {
      unresolved.push({ line: stage.line, because: base.because });
    } else {
      const above = stages.slice(0, stage.index).findLast(({ name }) => name !== undefined && name === base.text);
      if (above !== undefined) waiting.add(above);
      else take(base.text, "from", stage.line);
    }
    for (const { from, kind, line } of stage.sources) {
      const other = findSource(stages, from, kind);
      if (other !== undefined) waiting.add(other);
      else if (from.includes("$"))
        unresolved.push({ line, because: `${from} holds a variable, which no builder puts in there` });
      else take(from, kind, line);
    }
    fetches.push(...stage.fetches);
  }
  return { images, contexts: [...used], fetches, unresolved };
}

/** The stage that is built: the last one where none is named. */
export function findTarget(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  return target === undefined ? stages.at(-1) : stages.findLast(({ name }) => name === target.toLowerCase());
}

function findSource(stages: readonly Stage[], from: string, kind: "copy" | "mount"): Stage | undefined {
  if (kind === "copy" && /^\d+$/.test(from)) return stages[Number(from)];
  return stages.findLast(({ name }) => name === from.toLowerCase());
}

/** A name of an image or context, as buildx compares them: `docker.io/library/alpine:latest` is `alpine`. */
function familiar(name: string): string {
  const parsed = parseReference(name.toLowerCase());
  if ("problems" in parsed) return name.toLowerCase();
  const { repository, tag, digest } = parsed.value;
  const whole =
    repository.host === "docker.io"
      ? repository.name.replace(/^library\//, "")
      : `${repository.host}/${repository.name}`;
  return [whole, tag === undefined || tag === "latest" ? "" : `:${tag}`, digest === undefined ? "" : `@${digest}`].join(
    "",
  );
}

/** The values that a FROM can see: ARGs before the first one, and what BuildKit knows of platforms. */
function readGlobals(dockerfile: Dockerfile, choice: BuildChoice): (name: string) => string | undefined {
  const { buildArgs } = choice;
  const values = new Map(Object.entries(listPlatformValues(choice)));
  const find = (name: string): string | undefined => values.get(name);
  for (const { name, value } of dockerfile.globalArgs) {
    const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
    const found = given ?? expandDefault(value, find, dockerfile.escape);
    if (found !== undefined) values.set(name, found);
  }
  return find;
}

/** A default that cannot be told is none, and whatever needs it is told of. */
function expandDefault(
  value: string | undefined,
  find: (name: string) => string | undefined,
  escapeSign: string,
): string | undefined {
  const expanded = value === undefined ? undefined : expandWord(value, find, escapeSign);
  return expanded !== undefined && "text" in expanded ? expanded.text : undefined;
}

/** https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope; of the builder's own, nothing is known. */
function listPlatformValues({ platform, target, buildArgs }: BuildChoice): Readonly<Record<string, string>> {
  const [os, architecture, variant = architecture === "arm" ? "v7" : ""] = platform?.split("/") ?? [];
  const known =
    platform === undefined
      ? {}
      : {
          TARGETPLATFORM: platform,
          ...(os === undefined ? {} : { TARGETOS: os }),
          ...(architecture === undefined ? {} : { TARGETARCH: architecture }),
          TARGETVARIANT: architecture === "arm64" ? "" : variant,
        };
  const names = [...Object.keys(known), "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT"];
  const given = names.flatMap((name) => (Object.hasOwn(buildArgs, name) ? [[name, buildArgs[name] ?? ""]] : []));
  return { ...known, TARGETSTAGE: target ?? "default", ...Object.fromEntries(given) };
}
