import { createHash } from "node:crypto";
import type {
  ImportAnswer,
  ImportOrder,
  RegistryFacts,
  Source,
  SourceAccess,
  Target,
  World,
} from "../../../src/actions/acr-import/world.ts";
import { MEDIA_TYPES } from "../../../src/image/manifest.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import type { ArmFault } from "../../../src/ttl/blockers.ts";
import { recordLog } from "../recording-log.ts";
import { findDescriptor, listManifests, listTags, type SimulatedRegistry } from "./simulated-registry.ts";

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

export interface Request {
  readonly call: "find-registry" | "head" | "read" | "referrers" | "tags" | "start" | "poll" | "copy";
  readonly host: string;
  readonly what: string;
  readonly at: number;
}

/** What goes wrong with an answer. */
export type Mishap =
  | { readonly kind: "throw"; readonly error: Error }
  /** The request never arrives. */
  | { readonly kind: "lose-request" }
  /** It is carried out and the answer gets lost. */
  | { readonly kind: "lose-answer" }
  | { readonly kind: "again"; readonly retryAfterMs?: number }
  | { readonly kind: "fail"; readonly status: number; readonly fault: ArmFault }
  /** The tag is made, its manifest is not. */
  | { readonly kind: "half" }
  /** ARM says done, and the registry has something else there. */
  | { readonly kind: "swap"; readonly digest: string };

interface Operation {
  readonly order: ImportOrder;
  readonly target: SimulatedRegistry;
  readonly endsAt: number;
  readonly mishap: Mishap | undefined;
  answer: ImportAnswer | undefined;
}

export interface Simulation {
  readonly world: World;
  readonly registries: Map<string, SimulatedRegistry>;
  readonly requests: Request[];
  readonly orders: { readonly host: string; readonly order: ImportOrder }[];
  readonly lines: string[];
  readonly warnings: string[];
  readonly summaries: string[];
  readonly reports: string[];
  readonly opened: SourceAccess[];
  readonly lockedRepositories: Set<string>;
  /** Called before each answer: may edit the world, and says what goes wrong. */
  before: (request: Request) => Mishap | undefined;
  importMs: number;
  add(host: string, more?: Partial<RegistryFacts> | { readonly foreign: true }): SimulatedRegistry;
  /** Pushes an image, and returns its digest. */
  push(host: string, reference: string, content?: string, more?: PushOptions): string;
  /** The digest under `host/name:tag`. */
  standing(host: string, reference: string): string | undefined;
  cancel(): void;
  pass(milliseconds: number): void;
}

interface PushOptions {
  readonly mediaType?: string;
  readonly text?: string;
  readonly lockedTag?: boolean;
  readonly lockedManifest?: boolean;
}

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

export function simulate(now = new Date("2026-11-21T09:17:00Z")): Simulation {
  const cancel = new AbortController();
  let clock = now.getTime();
  const operations = new Map<string, Operation>();
  const registries = new Map<string, SimulatedRegistry>();
  const hostOf = (id: string): SimulatedRegistry | undefined =>
    [...registries.values()].find(({ facts }) => facts?.id.toLowerCase() === id.toLowerCase());

  const answer = async <T>(
    call: Request["call"],
    host: string,
    what: string,
    reply: (mishap: Mishap | undefined) => T,
  ): Promise<T> => {
    await Promise.resolve();
    const request = { call, host, what, at: clock };
    simulation.requests.push(request);
    const mishap = simulation.before(request);
    clock += 20;
    if (mishap?.kind === "throw") throw mishap.error;
    return reply(mishap);
  };

  const carryOut = (operation: Operation): ImportAnswer => {
    const { order, target, mishap } = operation;
    const { name, tag } = order.to;
    if (mishap?.kind === "fail") return { ...mishap, kind: "failed", requestId: "r-1" };
    const from = registries.get(order.source.host);
    const found = from?.manifests.get(`${order.name}@${order.digest}`);
    if (from === undefined || found === undefined) {
      const fault = { code: "InvalidParameters", message: "MANIFEST_UNKNOWN: manifest tagged is not found" };
      return { kind: "failed", status: 400, fault, requestId: "r-1" };
    }
    const key = `${name}:${tag}`;
    if (tag !== undefined && target.tags.has(key) && !order.force) {
      const message = `Operation registries-1 failed. Resource ${target.facts?.id} Tag ${key} already exists in target registry.`;
      return { kind: "failed", status: 409, fault: { code: "Conflict", message }, requestId: "r-1" };
    }
    const digest = mishap?.kind === "swap" ? mishap.digest : order.digest;
    if (tag !== undefined) target.tags.set(key, { digest, locked: target.tags.get(key)?.locked ?? false });
    if (mishap?.kind !== "half")
      target.manifests.set(`${name}@${digest}`, { ...found, descriptor: { ...found.descriptor, digest } });
    return { kind: "done" };
  };

  const open = (host: string): Source => {
    const registry = registries.get(host);
    const known = (): SimulatedRegistry => {
      if (registry === undefined) throw new UserError("registry-unreachable", `${host} does not answer`);
      return registry;
    };
    return {
      findManifest: (name, reference) =>
        answer("head", host, `${name} ${reference}`, () => findDescriptor(known(), name, reference)),
      readManifest: (name, reference) =>
        answer("read", host, `${name} ${reference}`, () => {
          const found = known().manifests.get(`${name}@${reference}`);
          if (found === undefined) return undefined;
          const { mediaType, digest } = found.descriptor;
          return { mediaType, digest, bytes: Buffer.from(found.text) };
        }),
      listReferrers: (name, digest) =>
        answer("referrers", host, `${name} ${digest}`, () => known().referrers.get(`${name}@${digest}`) ?? []),
    };
  };

  const openTarget = (facts: RegistryFacts): Target => {
    const { loginServer: host } = facts;
    const kept = registries.get(host) ?? simulation.add(host);
    return {
      facts,
      registry: open(host),
      metadata: {
        findLocks: (name) =>
          answer("tags", host, name, () =>
            [...kept.tags.keys(), ...kept.manifests.keys()].some(
              (key) => key.startsWith(`${name}:`) || key.startsWith(`${name}@`),
            )
              ? { writeEnabled: !simulation.lockedRepositories.has(name), deleteEnabled: true }
              : undefined,
          ),
        listTags: (name) => answer("tags", host, name, () => listTags(kept, name)),
        listManifests: (name) => answer("tags", host, name, () => listManifests(kept, name)),
      },
    };
  };

  const simulation: Simulation = {
    registries,
    requests: [],
    orders: [],
    lines: [],
    warnings: [],
    summaries: [],
    reports: [],
    opened: [],
    lockedRepositories: new Set(),
    before: () => undefined,
    importMs: 5_000,
    add: (host, more = {}) => {
      const name = host.split(".")[0] ?? host;
      const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`;
      const facts = "foreign" in more ? undefined : { id, name, loginServer: host, publicAccess: true, ...more };
      const registry = { host, facts, tags: new Map(), manifests: new Map(), referrers: new Map() };
      registries.set(host, registry);
      return registry;
    },
    push: (host, reference, content = reference, more = {}) => {
      const registry = registries.get(host) ?? simulation.add(host, { foreign: true });
      const [name = "", tag] = reference.split(":");
      const text = more.text ?? content;
      const digest = digestOf(text);
      const descriptor = { mediaType: more.mediaType ?? MEDIA_TYPES.ociManifest, digest, size: text.length };
      registry.manifests.set(`${name}@${digest}`, { descriptor, locked: more.lockedManifest ?? false, text });
      if (tag !== undefined) registry.tags.set(`${name}:${tag}`, { digest, locked: more.lockedTag ?? false });
      return digest;
    },
    standing: (host, reference) => {
      const registry = registries.get(host);
      const [name = "", tag = ""] = reference.split(":");
      return registry === undefined ? undefined : findDescriptor(registry, name, tag)?.digest;
    },
    cancel: () => cancel.abort(),
    pass: (milliseconds) => {
      clock += milliseconds;
    },
    world: {
      findRegistry: (nameOrId) =>
        answer("find-registry", "management.azure.com", nameOrId, () => {
          const wanted = nameOrId.toLowerCase();
          const all = [...registries.values()].flatMap(({ facts }) => (facts === undefined ? [] : [facts]));
          return all.find((one) => [one.id, one.name, one.loginServer].some((word) => word.toLowerCase() === wanted));
        }),
      requireRegistry: async (nameOrId) => {
        const found = await simulation.world.findRegistry(nameOrId);
        if (found === undefined) throw new UserError("registry-not-found", `There is no registry "${nameOrId}"`);
        return found;
      },
      isAzureHost: (host) => host.endsWith(".azurecr.io"),
      openSource: (access) => {
        simulation.opened.push(access);
        return open(access.host);
      },
      openTarget,
      imports: {
        start: (id, order) => {
          const target = hostOf(id);
          if (target === undefined) throw new Error(`no registry ${id}`);
          return answer("start", target.host, `${order.to.name}:${order.to.tag ?? ""}`, (mishap): ImportAnswer => {
            if (mishap?.kind === "lose-request") return { kind: "unanswered", because: "connection reset" };
            if (mishap?.kind === "again")
              return { kind: "again", because: "ARM throttled the import", retryAfterMs: mishap.retryAfterMs };
            simulation.orders.push({ host: target.host, order });
            const key = `op-${operations.size + 1}`;
            const operation = { order, target, endsAt: clock + simulation.importMs, mishap, answer: undefined };
            operations.set(key, operation);
            if (mishap?.kind === "lose-answer") return { kind: "unanswered", because: "connection reset" };
            return { kind: "running", operation: key, retryAfterMs: 10_000 };
          });
        },
        find: (key) =>
          answer("poll", "management.azure.com", key, (mishap): ImportAnswer => {
            if (mishap?.kind === "lose-answer") return { kind: "unanswered", because: "connection reset" };
            if (mishap?.kind === "again") return { kind: "again", because: "throttled", retryAfterMs: undefined };
            settle();
            return operations.get(key)?.answer ?? { kind: "running", operation: key, retryAfterMs: 10_000 };
          }),
      },
      copyReferrers: ({ access, from, digest, target, to }) =>
        answer("copy", target.loginServer, `${to} ${digest}`, () => {
          const [source, registry] = [registries.get(access.host), registries.get(target.loginServer)];
          for (const one of source?.referrers.get(`${from}@${digest}`) ?? [])
            registry?.manifests.set(`${to}@${one.digest}`, { descriptor: one, locked: false, text: "" });
          const tag = `${digest.replace(":", "-")}.sig`;
          const signature = source?.tags.get(`${from}:${tag}`);
          const found = source?.manifests.get(`${from}@${signature?.digest}`);
          if (signature === undefined || found === undefined) return;
          registry?.manifests.set(`${to}@${signature.digest}`, found);
          registry?.tags.set(`${to}:${tag}`, signature);
        }),
      now: () => new Date(clock),
      monotonic: () => clock,
      sleep: async (milliseconds) => {
        await Promise.resolve();
        if (!cancel.signal.aborted) clock += milliseconds;
        settle();
      },
      cancelled: cancel.signal,
      log: recordLog(() => simulation),
      summarize: async (markdown) => void simulation.summaries.push(markdown),
      writeReport: async (json) => {
        simulation.reports.push(json);
        return "report.json";
      },
    },
  };

  function settle(): void {
    for (const operation of operations.values()) {
      if (operation.answer !== undefined || clock < operation.endsAt) continue;
      operation.answer = carryOut(operation);
    }
  }
  return simulation;
}
