import { join } from "node:path";
import type { TerraformTool, World } from "../../../src/actions/terraform/world.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { callApply, NotPersisted } from "./fake/apply-call.ts";
import { createLocalBackend, Locked } from "./fake/backend.ts";
import { type Call, openBackend, openCall, type Place, readWorkspace, valuesOf } from "./fake/calls.ts";
import { type Configuration, renderConfiguration } from "./fake/configuration.ts";
import type { FakeFiles } from "./fake/files.ts";
import { callPlan, readPlanFile } from "./fake/plan-call.ts";
import { type FakeProcess, startProcess } from "./fake/process.ts";
import { parseState } from "./fake/state.ts";
import { type FakeDiagnostic, LOCK_ADVICE } from "./fake/stream.ts";

export interface RecordedCall {
  readonly host: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Who starts terraform: a job on a machine of its own. */
export interface Starter {
  readonly host: string;
  readonly files: FakeFiles;
  readonly cancelled: AbortSignal;
}

/**
 * terraform 1.11.4 in memory, as far as the action calls it, for all jobs of a test: one configuration, a state in the
 * store of blobs, plan files on the disk of the job. What it prints has the form of test/terraform/domain's fixtures.
 */
export interface FakeTerraform {
  configuration: Configuration;
  backend: "azurerm" | "local";
  readonly calls: RecordedCall[];
  /** What was changed or deleted behind its back, by address. */
  readonly drifted: Place["drifted"];
  /** Locks that were released by their id, and whether who had taken them was still at work. */
  readonly forced: Place["forced"];
  /** Does something whenever a call reaches a point: `plan.locked`, `apply.<address>`, `apply.persist`, … */
  at(point: string, action: () => void | Promise<void>): void;
  /** Lets the next call that comes there fail: `init`, `plan`, `apply.<address>`, `apply.persist`, `apply.unlock`, … */
  fail(point: string, diagnostic: FakeDiagnostic, times?: number): void;
  /** What runs, or ran last. */
  last(): FakeProcess | undefined;
  openTool(starter: Starter): World["openTool"];
}

export function createFakeTerraform(
  shared: Omit<Place, "configuration" | "drifted" | "takeFailure" | "local" | "owners" | "forced">,
  pace: () => Promise<void>,
): FakeTerraform {
  const hooks: { readonly point: string; readonly action: () => void | Promise<void> }[] = [];
  const failures: { readonly point: string; readonly diagnostic: FakeDiagnostic; times: number }[] = [];
  let last: FakeProcess | undefined;
  const reach = async (point: string): Promise<void> => {
    await pace();
    for (const hook of hooks) if (hook.point === point) await hook.action();
  };
  const fake: FakeTerraform = {
    configuration: { resources: () => [] },
    backend: "azurerm",
    calls: [],
    drifted: new Map(),
    forced: [],
    at: (point, action) => void hooks.push({ point, action }),
    fail: (point, diagnostic, times = 1) => void failures.push({ point, diagnostic, times }),
    last: () => last,
    openTool: (starter) => async (which, options) => ({
      product: which === "tofu" ? "tofu" : "terraform",
      run: async (call) => {
        // The tool of main says this, too, and starts nothing.
        if (starter.cancelled.aborted)
          throw new UserError("cancelled", "The job was cancelled before terraform was started.");
        fake.calls.push({ host: starter.host, parameters: call.parameters, environment: options.environment });
        const process = startProcess(call.name, reach, (body) => {
          const dataFolder = options.environment["TF_DATA_DIR"] ?? join(options.folder, ".terraform");
          const { host, files } = starter;
          return answer(
            openCall(body, { place, files, folder: options.folder, dataFolder, host }, call.parameters),
            fake,
          );
        });
        last = process;
        return follow(process, call.onLine, starter.cancelled);
      },
    }),
  };
  const place: Place = {
    ...shared,
    local: createLocalBackend(),
    drifted: fake.drifted,
    forced: fake.forced,
    owners: new Map(),
    configuration: () => fake.configuration,
    takeFailure: (point) => {
      const found = failures.find((one) => one.point === point && one.times > 0);
      if (found !== undefined) found.times -= 1;
      return found?.diagnostic;
    },
  };
  return fake;
}

/** What a root module's folder holds for it. */
export function describeFiles({ configuration, backend }: FakeTerraform): string {
  return renderConfiguration(configuration, backend);
}

async function follow(
  process: FakeProcess,
  onLine: ((line: string) => void) | undefined,
  cancelled: AbortSignal,
): ReturnType<TerraformTool["run"]> {
  process.onLine = onLine ?? (() => {});
  const interrupt = (): void => process.interrupt();
  cancelled.addEventListener("abort", interrupt, { once: true });
  await process.ended;
  cancelled.removeEventListener("abort", interrupt);
  const { exitCode, stdout, stderr } = process;
  return { exitCode, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
}

async function answer(call: Call, fake: FakeTerraform): Promise<number> {
  const [command, second] = call.words;
  await call.step(`${call.process.name}.begin`);
  switch (command) {
    case "init":
      return callInit(call, fake.backend);
    case "workspace":
      return callWorkspace(call);
    case "plan":
      return callPlan(call);
    case "apply":
      return callApply(call).catch((error: unknown) => {
        if (error instanceof NotPersisted) return 1;
        throw error;
      });
    case "show":
      return callShow(call);
    case "output":
      return callOutput(call);
    case "state":
      return second === "pull" ? callPull(call) : callPush(call);
    case "force-unlock":
      return callUnlock(call);
    default:
      call.complain(`Terraform has no command named "${command}".`);
      return 1;
  }
}

async function callInit(call: Call, type: FakeTerraform["backend"]): Promise<number> {
  const failure = call.place.takeFailure("init");
  if (failure !== undefined) return complain(call, failure);
  call.print("Initializing the backend...");
  const files = valuesOf(call, "backend-config").map((path) => call.files.all.get(path)?.toString("utf8") ?? "");
  const config = Object.fromEntries(
    files.flatMap((text) =>
      [...text.matchAll(/^\s*(\w+)\s*=\s*(".*")\s*$/gm)].map(([, name = "", value = '""']) => [
        name,
        JSON.parse(value),
      ]),
    ),
  );
  const state = { version: 3, terraform_version: "1.11.4", backend: { type, config, hash: 1 } };
  call.files.put(join(call.dataFolder, "terraform.tfstate"), JSON.stringify(state));
  call.print("Terraform has been successfully initialized!");
  return 0;
}

async function callWorkspace(call: Call): Promise<number> {
  const { files, dataFolder, words, flags, place } = call;
  const name = words[2] ?? "";
  const before = readWorkspace(files, dataFolder);
  files.put(join(dataFolder, "environment"), name);
  const known = name === "default" || (await openBackend(call).readText()) !== "" || place.store.blobs.has(name);
  if (known) return 0;
  if (flags.includes("-or-create")) {
    const backend = openBackend(call);
    await backend.write({ serial: 1, lineage: place.nextId(), resources: [], outputs: {} }, undefined);
    return 0;
  }
  files.put(join(dataFolder, "environment"), before);
  call.complain(`\nWorkspace "${name}" doesn't exist.\n`);
  return 1;
}

async function callShow(call: Call): Promise<number> {
  const [, path] = call.words;
  if (path === undefined) {
    const resources = (await openBackend(call).read())?.resources ?? [];
    const shown = resources.map(({ address, values, sensitive }) => {
      return {
        address,
        mode: "managed",
        values,
        sensitive_values: Object.fromEntries(sensitive.map((name) => [name, true])),
      };
    });
    call.print(JSON.stringify({ format_version: "1.0", values: { root_module: { resources: shown } } }));
    return 0;
  }
  const plan = readPlanFile(call, path);
  if (plan === undefined) return complain(call, { summary: "Failed to read the given file as a state or plan file" });
  call.print(plan.document);
  return 0;
}

async function callOutput(call: Call): Promise<number> {
  const failure = call.place.takeFailure("output");
  if (failure !== undefined) return complain(call, failure);
  const outputs = (await openBackend(call).read())?.outputs ?? {};
  const shown = Object.entries(outputs).map(([name, { value, sensitive }]) => [
    name,
    { sensitive: sensitive === true, type: "string", value },
  ]);
  for (const line of JSON.stringify(Object.fromEntries(shown), null, 2).split("\n")) call.print(line);
  return 0;
}

async function callPull(call: Call): Promise<number> {
  for (const line of (await openBackend(call).readText()).split("\n")) call.print(line);
  return 0;
}

async function callPush(call: Call): Promise<number> {
  const failure = call.place.takeFailure("state-push");
  if (failure !== undefined) return complain(call, failure);
  const backend = openBackend(call);
  const state = parseState(call.files.all.get(call.words[2] ?? ""));
  if (state === undefined) return complain(call, { summary: "no state" });
  try {
    const lock = await backend.lock("state-push", `runner@${call.host}`);
    const there = await backend.read();
    const isNewer = there === undefined || (there.lineage === state.lineage && there.serial <= state.serial);
    if (isNewer) await backend.write(state, lock);
    else call.complain(`Failed to write state: cannot import state with serial ${state.serial} over newer state`);
    await backend.unlock(lock);
    return isNewer ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
    return complain(call, {
      summary: "Error acquiring the state lock",
      detail: `Error message: ${error.message}\n\n\n${LOCK_ADVICE}`,
    });
  }
}

async function callUnlock(call: Call): Promise<number> {
  const failure = call.place.takeFailure("force-unlock");
  if (failure !== undefined) return complain(call, failure);
  const id = call.words[1] ?? "";
  const owner = call.place.owners.get(id);
  try {
    await openBackend(call).unlock(id);
    call.place.forced.push({ id, living: owner !== undefined && !owner.over && !owner.killed });
    call.print("Terraform state has been successfully unlocked!");
    return 0;
  } catch (error) {
    call.complain(`Failed to unlock state: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** As terraform complains where nobody asked for JSON. */
function complain(call: Call, { summary, detail = "" }: FakeDiagnostic): number {
  call.complain(`\nError: ${summary}\n\n${detail}\n`);
  return 1;
}
