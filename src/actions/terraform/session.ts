import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { UserError } from "../../kit/user-error.ts";
import { readStatePlace, type StatePlace } from "../../terraform/state-place.ts";
import type { JobFacts } from "../job-facts.ts";
import { digestErrored } from "./errored-state.ts";
import { failure } from "./failure.ts";
import type { Request } from "./request.ts";
import type { RootModule } from "./root-module.ts";
import { openState, type StateBlob } from "./state-blob.ts";
import type { Storyteller } from "./storyteller.ts";
import { listDropped, makeToolEnvironment } from "./tool-environment.ts";
import { unwrap } from "./unwrap.ts";
import type { TerraformTool, TokenRelay, World } from "./world.ts";

/** A root module that is ready to be worked with. */
export interface Session {
  readonly request: Request;
  readonly world: World;
  readonly job: JobFacts;
  readonly teller: Storyteller;
  readonly tool: TerraformTool;
  readonly module: RootModule;
  readonly place: StatePlace;
  /** SHA-256 of .terraform.lock.hcl; empty without one. */
  readonly lockFileHash: string;
  /** The state's blob; undefined for every backend but azurerm, and without an identity. */
  readonly state: StateBlob | undefined;
}

export interface SessionParts extends Pick<Session, "request" | "world" | "job" | "teller" | "module"> {
  readonly relay: TokenRelay | undefined;
}

/**
 * Finds terraform, initialises the root module, chooses the workspace, and looks where the state is.
 *
 * @throws UserError `tool-missing`, `init-failed`, `backend-changed`, `auth`
 */
export async function openSession(parts: SessionParts): Promise<Session> {
  const { request, world, job, teller, module } = parts;
  const identity = world.azure === undefined ? undefined : request;
  const dataFolder = world.dataFolder([module.folder, module.backendText, request.workspace ?? ""].join("\0"));
  const leftState = await digestErrored(module.folder, world.files);
  teller.mark({ dataFolder, ...(leftState === undefined ? {} : { leftState }) });
  const environment = makeToolEnvironment({
    environment: job.environment,
    identity,
    dataFolder,
    relay: parts.relay?.environment ?? {},
  });
  const dropped = listDropped(job.environment, identity !== undefined);
  if (dropped.length > 0) world.log.info(`Kept from terraform: ${dropped.join(", ")}`);
  const tool = await world.openTool(request.tool, { folder: module.folder, environment });
  teller.tell({ tool: tool.product });
  await teller.phase("init", () => world.log.group(`${tool.product} init`, () => initialise(tool, parts)));
  const kept = resolve(module.folder, environment["TF_DATA_DIR"] ?? dataFolder);
  const initialised = await world.files.read(join(kept, "terraform.tfstate"));
  const place = unwrap(readStatePlace(initialised?.toString("utf8") ?? "", request.workspace ?? "default"));
  checkBackend(place, parts);
  const state = openState(place, world);
  teller.tell({ backend: place.backend });
  if (state !== undefined) teller.mark({ blob: state.place });
  const lockFile = await world.files.read(join(module.folder, ".terraform.lock.hcl"));
  const lockFileHash = lockFile === undefined ? "" : createHash("sha256").update(lockFile).digest("hex");
  return { request, world, job, teller, tool, module, place, lockFileHash, state };
}

/** terraform only remarks on a backend that nobody takes, and then keeps the state in a file that goes with the job. */
function checkBackend({ type }: StatePlace, { request, module }: SessionParts): void {
  if (type !== "local" || module.configuration.backend !== undefined || request.backendConfig.length === 0) return;
  const text =
    "backend-config: expected a backend block in the root module that takes it, got none: the state would go with the job.";
  throw new UserError("bad-input", `${text}\nTo do: add to the configuration: terraform {\n  backend "azurerm" {}\n}`);
}

async function initialise(tool: TerraformTool, { request, world, module, teller }: SessionParts): Promise<void> {
  const backend = module.backendFiles.map((file) => `-backend-config=${file}`);
  const parameters = ["init", "-input=false", "-no-color", ...backend];
  const done = await tool.run({ name: "init", parameters, onLine: (line) => world.log.info(world.redact(line)) });
  if (done.exitCode !== 0) {
    const { explainInit } = await import("./explain-init.ts");
    throw explainInit(done, { world, teller });
  }
  if (request.workspace === undefined || request.workspace === "default") return;
  // A destroy of a workspace that is not there would make it, and then destroy nothing.
  const make = request.command === "plan" || request.command === "apply" ? ["-or-create"] : [];
  const chosen = await tool.run({
    name: "workspace",
    parameters: ["workspace", "select", "-no-color", ...make, request.workspace],
  });
  if (chosen.exitCode === 0) return;
  if (/doesn't exist/.test(chosen.stderr + chosen.stdout)) {
    throw failure("init-failed", `workspace: there is no workspace "${request.workspace}" in this state.`);
  }
  const { explainOutput } = await import("./json-call.ts");
  throw explainOutput("init", chosen, world);
}
