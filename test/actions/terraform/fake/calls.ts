import { join } from "node:path";
import { type Backend, createAzurermBackend, Locked } from "./backend.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Clock } from "./clock.ts";
import type { Configuration, Variables } from "./configuration.ts";
import type { FakeFiles } from "./files.ts";
import type { Groups } from "./groups.ts";
import type { Body, FakeProcess } from "./process.ts";
import type { StoredResource } from "./state.ts";
import { createStream, type FakeDiagnostic, LOCK_ADVICE, type Stream } from "./stream.ts";

/** What all calls of terraform work on. */
export interface Place {
  readonly store: BlobStore;
  readonly groups: Groups;
  readonly clock: Clock;
  readonly local: Backend;
  readonly nextId: () => string;
  configuration(): Configuration;
  /** What was changed or deleted behind terraform's back, by address. */
  readonly drifted: Map<string, Readonly<Record<string, unknown>> | "gone">;
  /** Which process took which lock. */
  readonly owners: Map<string, FakeProcess>;
  /** Locks that were released by their id, and whether who had taken them was still at work. */
  readonly forced: { readonly id: string; readonly living: boolean }[];
  /** The failure that a test wants at this point, taken once. */
  takeFailure(point: string): FakeDiagnostic | undefined;
}

/** One call: `terraform <parameters>` in a folder. */
export interface Call extends Body {
  readonly place: Place;
  readonly files: FakeFiles;
  readonly folder: string;
  readonly dataFolder: string;
  readonly host: string;
  readonly flags: readonly string[];
  readonly words: readonly string[];
  readonly stream: Stream;
  fail(diagnostic: FakeDiagnostic): number;
}

export function openCall(
  body: Body,
  parts: Pick<Call, "place" | "files" | "folder" | "dataFolder" | "host">,
  parameters: readonly string[],
): Call {
  const stream = createStream(body.print, () => new Date(parts.place.clock.now()));
  body.process.onInterrupt = () => {
    // Nothing else of it hears a signal.
    if (parameters[0] === "plan" || parameters[0] === "apply") stream.interrupted();
  };
  return {
    ...body,
    ...parts,
    flags: parameters.filter((one) => one.startsWith("-")),
    words: parameters.filter((one) => !one.startsWith("-")),
    stream,
    fail: (diagnostic) => {
      stream.diagnostic(diagnostic);
      return 1;
    },
  };
}

/** The value of `-name=value`, each time that it is given. */
export function valuesOf({ flags }: Call, name: string): readonly string[] {
  return flags.flatMap((flag) => (flag.startsWith(`-${name}=`) ? [flag.slice(name.length + 2)] : []));
}

/** The backend that `init` has chosen. */
export function openBackend({ files, dataFolder, place, requireLife }: Call): Backend {
  const text = files.all.get(join(dataFolder, "terraform.tfstate"))?.toString("utf8");
  if (text === undefined) throw new Error('Backend initialization required, please run "terraform init"');
  const { backend } = JSON.parse(text) as {
    readonly backend: { readonly type: string; readonly config: Readonly<Record<string, string>> };
  };
  if (backend.type === "local") return place.local;
  const workspace = readWorkspace(files, dataFolder);
  const { key = "", container_name: container = "" } = backend.config;
  const { wire } = place.store;
  const living = <A extends readonly unknown[], T>(send: (...given: A) => Promise<T>) => {
    return async (...given: A): Promise<T> => {
      requireLife();
      return send(...given);
    };
  };
  const store = {
    ...place.store,
    wire: {
      get: living(wire.get),
      put: living(wire.put),
      setMetadata: living(wire.setMetadata),
      acquire: living(wire.acquire),
      release: living(wire.release),
    },
  };
  return createAzurermBackend(
    { ...place, store },
    { container, blob: workspace === "default" ? key : `${key}env:${workspace}` },
  );
}

export function readWorkspace(files: FakeFiles, dataFolder: string): string {
  return files.all.get(join(dataFolder, "environment"))?.toString("utf8") ?? "default";
}

/** Does what needs the lock, which is waited for as long as the flags say. Undefined when it was not to be had. */
export async function withLock<T>(
  call: Call,
  backend: Backend,
  operation: string,
  work: (lock: string) => Promise<T>,
): Promise<T | undefined> {
  const { place, process, stream } = call;
  const until = place.clock.now() + Number.parseInt(valuesOf(call, "lock-timeout")[0] ?? "0", 10) * 1_000;
  for (let tries = 0; ; tries += 1) {
    try {
      const lock = await backend.lock(operation, `runner@${call.host}`);
      place.owners.set(lock, process);
      await call.step(`${call.process.name}.locked`);
      const done = await work(lock);
      await call.step(`${call.process.name}.unlock`);
      const failure = place.takeFailure(`${call.process.name}.unlock`);
      if (failure !== undefined) stream.diagnostic(failure);
      else await backend.unlock(lock);
      return failure === undefined ? done : undefined;
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      if (place.clock.now() >= until || process.interrupts > 0) {
        const detail = `Error message: ${error.message}\n\n\n${LOCK_ADVICE}`;
        stream.diagnostic({ summary: "Error acquiring the state lock", detail });
        return undefined;
      }
      if (tries === 0) stream.waiting();
      await call.step(`${call.process.name}.waiting`);
      place.clock.pass(1_000);
    }
  }
}

/** The variables of all files that are given, later ones winning. Undefined when one is missing, which is told. */
export function readVariables(call: Call): Variables | undefined {
  const declared = call.place.configuration().variables ?? {};
  const given = valuesOf(call, "var-file").map((path) => {
    const text = call.files.all.get(path.startsWith("/") ? path : join(call.folder, path))?.toString("utf8") ?? "";
    return path.endsWith(".json") ? (JSON.parse(text) as Variables) : readTfvars(text);
  });
  const all: Variables = Object.assign({}, ...given);
  for (const name of Object.keys(all)) {
    if (name in declared) continue;
    call.stream.diagnostic({ severity: "warning", summary: "Value for undeclared variable", detail: `"${name}"` });
  }
  const missing = Object.entries(declared).filter(([name, one]) => !(name in all) && !("default" in one));
  for (const [name] of missing) call.stream.diagnostic({ summary: "No value for required variable", detail: name });
  if (missing.length > 0) return undefined;
  return Object.fromEntries(Object.entries(declared).map(([name, one]) => [name, all[name] ?? one.default]));
}

function readTfvars(text: string): Variables {
  const lines = text.split("\n").flatMap((line) => /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line) ?? []);
  const values: Record<string, unknown> = {};
  for (let at = 0; at < lines.length; at += 3) values[lines[at + 1] ?? ""] = JSON.parse(lines[at + 2] ?? "null");
  return values;
}

/** What the world says of what the state holds. */
export function refresh({ place }: Call, resources: readonly StoredResource[] | undefined): readonly StoredResource[] {
  return (resources ?? []).flatMap((resource) => {
    const drift = place.drifted.get(resource.address);
    if (drift === "gone") return [];
    const values = { ...resource.values, ...drift };
    if (!resource.address.startsWith("azurerm_resource_group.")) return [{ ...resource, values }];
    const group = place.groups.all.get(String(values["name"]));
    return group === undefined ? [] : [{ ...resource, values: { ...values, tags: group.tags } }];
  });
}
