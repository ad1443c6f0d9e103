import type { Builder, BuilderKind, BuildFault } from "../../../src/actions/acr-build-push/builder.ts";
import type { FoundBuilder } from "../../../src/actions/acr-build-push/choose-builder.ts";
import type { ContentName, World } from "../../../src/actions/acr-build-push/world.ts";
import type { BuildRequest, Built, PushTarget } from "../../../src/image/build-request.ts";
import type { Checkout } from "../../../src/image/find-checkout-fault.ts";
import { readGitFacts } from "../../../src/image/git-facts.ts";
import type { Manifest } from "../../../src/image/manifest.ts";
import { createFakeRegistry, type FakeRegistry, makeManifest } from "./fake-registry.ts";

export const SHA = "0123456789abcdef0123456789abcdef01234567";

/** A world in memory, and everything that a run did to it. */
export interface FakeWorld extends World {
  readonly registries: Map<string, FakeRegistry>;
  readonly builds: { readonly kind: string; readonly request: BuildRequest; readonly target: PushTarget | undefined }[];
  readonly copies: string[];
  readonly scans: Readonly<Record<string, string>>[];
  readonly summaries: string[];
  readonly files: World["files"] & { readonly written: Map<string, unknown> };
  /** What each builder makes, one after the other; the last one again and again. */
  outcomes: readonly (Manifest | BuildFault)[];
  /** Builders that are not there, with the reason. */
  missing: Partial<Record<BuilderKind, string>>;
  unsupported: Partial<Record<BuilderKind, readonly string[]>>;
  content: ContentName;
  scanExitCode: number;
  dockerfile: string;
  checkout: Checkout;
  cancel(): void;
  reg(host?: string): FakeRegistry;
}

export const IMAGE = makeManifest("built");

export function createFakeWorld(
  environment: Readonly<Record<string, string>> = PUSH,
  payload: unknown = {},
): FakeWorld {
  const registries = new Map<string, FakeRegistry>();
  const controller = new AbortController();
  let clock = 0;
  const reg = (host = "mayfly.azurecr.io"): FakeRegistry => {
    const known = registries.get(host) ?? createFakeRegistry(host);
    registries.set(host, known);
    return known;
  };
  const quiet = (): void => {};
  const builder = (kind: BuilderKind): Builder => ({
    kind,
    description: kind,
    needsCarrier: kind !== "buildx",
    listUnsupported: () => world.unsupported[kind] ?? [],
    build: async (request, target): Promise<Built> => {
      const outcome = world.outcomes[Math.min(world.builds.length, world.outcomes.length - 1)] ?? IMAGE;
      world.builds.push({ kind, request, target });
      if (outcome instanceof Error) throw outcome;
      const [first] = target?.repositories ?? [];
      if (first !== undefined) reg(first.host).add(first.name, outcome);
      const step = { name: "[1/1] COPY", startedMs: 0, finishedMs: 900, outcome: "done" } as const;
      return { digest: first && outcome.digest, steps: [step], warnings: [], metadata: { built: kind } };
    },
  });
  const world: FakeWorld = {
    registries,
    builds: [],
    copies: [],
    scans: [],
    summaries: [],
    outcomes: [IMAGE],
    missing: {},
    unsupported: {},
    content: { tag: "ctx-0123456789abcdef", doubt: undefined },
    scanExitCode: 0,
    checkout: { head: undefined, triggering: undefined },
    dockerfile: "FROM scratch AS app\n",
    reg,
    cancel: () => controller.abort(new Error("cancelled by SIGINT")),
    log: {
      info: quiet,
      debug: quiet,
      notice: quiet,
      warning: quiet,
      error: quiet,
      group: (_, work) => work(),
    },
    cancelled: controller.signal,
    now: () => new Date("2026-11-21T12:00:00Z"),
    monotonic: () => {
      clock += 100;
      return clock;
    },
    sleep: async () => {},
    random: () => 0.5,
    architecture: "x64",
    prepare: () => {},
    redact: (text) => text,
    summarize: async (markdown) => {
      world.summaries.push(markdown);
    },
    files: {
      workspace: "/repo",
      written: new Map(),
      kindOf: async (path) => {
        if (path === "/repo") return "folder";
        return path === "/repo/Dockerfile" ? "file" : "missing";
      },
      readText: async () => world.dockerfile,
      hasVariable: (name) => name === "NPM_TOKEN",
    },
    readFacts: async () => readGitFacts(environment, payload),
    readCheckout: async () => world.checkout,
    findLoginServer: async (name) => (name.includes(".") ? name : `${name}.azurecr.io`),
    registry: reg,
    lastingRegistry: reg,
    restoringRegistry: reg,
    findBuilder: async (kind): Promise<FoundBuilder> => {
      const because = world.missing[kind];
      return because === undefined ? { kind: "there", builder: builder(kind) } : { kind: "missing", because };
    },
    nameContent: async () => world.content,
    copy: async (from, to, digest) => {
      world.copies.push(`${from.host}/${from.name} -> ${to.host}/${to.name}`);
      const manifest = await reg(from.host).readManifest(from.name, digest);
      if (manifest !== undefined) reg(to.host).add(to.name, manifest);
    },
    pushExisting: async (_, to) => {
      reg(to.host).add(to.name, IMAGE);
      return IMAGE.digest;
    },
    scan: async (_, variables) => {
      world.scans.push(variables);
      return world.scanExitCode;
    },
    explain: async (error) => error,
    close: async () => {},
    writeFile: async (name, text) => {
      world.files.written.set(name, JSON.parse(text));
      return `/temp/${name}`;
    },
  };
  return world;
}

/** A push to the default branch. */
export const PUSH = {
  GITHUB_EVENT_NAME: "push",
  GITHUB_REPOSITORY: "octo/shop",
  GITHUB_REF: "refs/heads/main",
  GITHUB_SHA: SHA,
  GITHUB_SERVER_URL: "https://github.com",
} as const;
