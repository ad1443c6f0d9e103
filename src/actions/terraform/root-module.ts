import { createHash } from "node:crypto";
import { isAbsolute, join, relative, resolve } from "node:path";
import { UserError } from "../../kit/user-error.ts";
import { listBackendSecrets, parseBackendConfig, renderBackendFile } from "../../terraform/backend-config.ts";
import { type Configuration, scanConfiguration } from "../../terraform/declared-variables.ts";
import { isMaskable } from "../../terraform/sensitive-values.ts";
import { readTfvars } from "../../terraform/tfvars.ts";
import type { JobFacts } from "../job-facts.ts";
import { listLeaves, type Request } from "./request.ts";
import { unwrap } from "./unwrap.ts";
import type { World } from "./world.ts";

/** The configuration that is worked with, as it lies there. */
export interface RootModule {
  /** Absolute path. */
  readonly folder: string;
  /** Relative to the job's workspace. */
  readonly directory: string;
  readonly configuration: Configuration;
  /** Files for `-backend-config`. */
  readonly backendFiles: readonly string[];
  /** Changes with all that the backend is configured by. */
  readonly backendText: string;
  /** SHA-256 of all variables that users give, whatever they are called. */
  readonly variablesHash: string;
}

/**
 * Reads the root module and what goes with it, and registers every secret that can be known already.
 *
 * @throws UserError `configuration-missing`, `bad-input`
 */
export async function readRootModule(request: Request, job: JobFacts, world: World): Promise<RootModule> {
  maskSecrets(request.secretValues, world);
  const folder = resolve(job.folder, request.workingDirectory);
  const files = await world.files.readConfiguration(folder);
  if (files === undefined || files.length === 0) {
    const found = files === undefined ? "there is no such folder" : "it has no .tf file";
    const text = `working-directory: expected the folder of a root module, got ${request.workingDirectory}: ${found}. Check out the repository first (actions/checkout), and give the path from its top.`;
    throw new UserError("configuration-missing", text);
  }
  const configuration = scanConfiguration(files);
  const varFiles = await readVarFiles(request.varFiles, folder, world);
  const given = [request.variables, ...varFiles.map(({ name, bytes }) => readTfvars(bytes.toString("utf8"), name))];
  maskSensitive(configuration, [...given, readVariablesOf(job.environment)], world);
  const backend = await readBackend(request, { job, folder, configuration }, world);
  const hash = createHash("sha256").update(JSON.stringify(sortKeys(request.variables)));
  for (const { bytes } of varFiles) hash.update("\0").update(bytes);
  return {
    folder,
    directory: relative(job.folder, folder).replaceAll("\\", "/") || ".",
    configuration,
    ...backend,
    variablesHash: hash.digest("hex"),
  };
}

/** To cover `1` or `true` wherever it stands would leave nothing to read, and hide nothing. */
function maskSecrets(secrets: readonly string[], { mask, log }: Pick<World, "mask" | "log">): void {
  const short = secrets.filter((secret) => !isMaskable(secret)).length;
  for (const secret of secrets) if (isMaskable(secret)) mask(secret);
  if (short === 0) return;
  const text = `secret-variables: ${short} of the values cannot be masked, since they are too short or ordinary words.`;
  log.warning(`${text} terraform gets them all the same; who reads its log may see them.`);
}

/** A path of an input, from the root module's folder. */
export function pathIn(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

interface VarFile {
  readonly name: string;
  readonly bytes: Buffer;
}

async function readVarFiles(names: readonly string[], folder: string, world: World): Promise<readonly VarFile[]> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, bytes: await world.files.read(pathIn(folder, name)) })),
  );
  const missing = found.filter(({ bytes }) => bytes === undefined);
  if (missing.length > 0) {
    const lines = missing.map(
      ({ name }) =>
        `var-files: expected a path from working-directory, got ${name}: there is no file ${pathIn(folder, name)}`,
    );
    throw new UserError("bad-input", lines.join("\n"));
  }
  return found.flatMap(({ name, bytes }) => (bytes === undefined ? [] : [{ name, bytes }]));
}

/** A failed validation prints the value of a variable, however sensitive it is. */
function maskSensitive(
  configuration: Configuration,
  given: readonly Readonly<Record<string, unknown>>[],
  world: World,
): void {
  for (const { name, sensitive } of configuration.variables) {
    if (!sensitive) continue;
    for (const leaf of given.flatMap((values) => listLeaves(values[name]))) if (isMaskable(leaf)) world.mask(leaf);
  }
}

function readVariablesOf(environment: JobFacts["environment"]): Readonly<Record<string, unknown>> {
  const found = Object.entries(environment).filter(([name]) => name.startsWith("TF_VAR_"));
  return Object.fromEntries(found.map(([name, value]) => [name.slice("TF_VAR_".length), value]));
}

interface BackendFacts {
  readonly job: JobFacts;
  readonly folder: string;
  readonly configuration: Configuration;
}

/** Settings go by a file: some of them may be secrets, and a command line is for everybody on the machine. */
async function readBackend(
  request: Request,
  { job, folder, configuration }: BackendFacts,
  world: World,
): Promise<Pick<RootModule, "backendFiles" | "backendText">> {
  const parsed = unwrap(parseBackendConfig(request.backendConfig));
  for (const secret of listBackendSecrets(parsed.values)) world.mask(secret);
  checkPlace(parsed.values, configuration);
  const file = parsed.file === undefined ? undefined : pathIn(folder, parsed.file);
  const text = file === undefined ? "" : (await world.files.read(file))?.toString("utf8");
  if (text === undefined) {
    throw new UserError("bad-input", `backend-config: expected a file below working-directory, got ${parsed.file}`);
  }
  const { backend } = configuration;
  const inFile = parsed.file === undefined ? {} : readTfvars(text, parsed.file);
  const hasKey = [parsed.values, inFile, backend?.values ?? {}].some((values) => "key" in values);
  const own =
    backend?.type === "azurerm" && !hasKey && request.environment !== undefined && job.repositoryId !== ""
      ? { key: `mayfly/${job.repositoryId}/${request.environment}.tfstate` }
      : {};
  const values = { ...parsed.values, ...own };
  const rendered = renderBackendFile(values);
  const written =
    Object.keys(values).length === 0 ? [] : [await world.files.writeSecret("backend.tfbackend", rendered)];
  return {
    backendFiles: [...(file === undefined ? [] : [file]), ...written],
    backendText: `${text}\n${rendered}`,
  };
}

/** Variables of GitHub's that nobody has set are empty. terraform then looks for credentials, or speaks of its own names. */
function checkPlace(values: Readonly<Record<string, string>>, { backend }: Configuration): void {
  if (backend?.type !== "azurerm") return;
  const empty = ["storage_account_name", "container_name", "key"].filter((name) => values[name] === "");
  if (empty.length === 0) return;
  const lines = empty.map((name) => `backend-config: expected a value for ${name}, got nothing`);
  const todo =
    "To do: set the variable that it comes from (gh variable list; those of an environment: gh variable list --env <name>).";
  throw new UserError("bad-input", [...lines, todo].join("\n"));
}

/** The same for values whose keys come in another order. */
function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortKeys(each)]));
}
