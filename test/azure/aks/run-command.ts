import { randomUUID } from "node:crypto";
import { proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { ArmFailure } from "../arm/failure.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmCall, ArmRoute } from "../arm/world.ts";
import { asObject, asText, emptyResponse, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import { SERVER_APPLICATION } from "./kubeconfig.ts";
import type { CommandJob, CommandResult } from "./run-shell.ts";
import type { AksSettings } from "./settings.ts";
import { readZip } from "./unzip.ts";

/** How coming commands fail before they run. */
export interface CommandPlan {
  readonly code: string;
  readonly message: string;
  /** 400 where left out. */
  readonly status?: number;
  /** Whether ARM takes the command first and says so at a poll; else in its first answer. */
  readonly later?: boolean;
  /** How many; one where left out. */
  readonly times?: number;
}

/** Words of AKS for what its pod may meet: Azure/azure-cli#23203, #27776, and Microsoft's page on failures of `az aks command invoke`. */
export const COMMAND_FAILURES = {
  notStarted: {
    code: "KubernetesOperationError",
    message:
      "Failed to run command due to cluster perf issue, container command-357ebc50d40c47a4a247ab6e067d2869 in aks-command namespace did not start within 30s on your cluster, retry may helps. If issue persist, you may need to tune your cluster with better performance (larger node/paid tier).",
  },
  notSchedulable: {
    code: "KubernetesPerformanceError",
    message:
      "Pod is not schedulable: Insufficient resources for the RunCommand pod. Consider adjusting AutoScaler settings or manually scaling the cluster.",
  },
  policy: {
    code: "KubernetesOperationError",
    message:
      'Failed to run command in managed cluster due to kubernetes failure. details: admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy] readOnlyRootFilesystem is required',
  },
} as const satisfies Readonly<Record<string, CommandPlan>>;

/** What Azure keeps of what a command prints. */
export const OUTPUT_BYTES = 512 * 1024;

export interface CommandWorld {
  readonly settings: AksSettings;
  readonly plans: CommandPlan[];
  /** Runs a command; undefined where nothing is there that could. */
  run(job: CommandJob): Promise<CommandResult> | undefined;
}

interface Command {
  readonly cluster: string;
  readonly id: string;
  readonly startedAt: number;
  readonly endsAt: number;
  readonly plan: CommandPlan | undefined;
  readonly ended: Promise<unknown>;
  result?: CommandResult | Error;
}

/** `runCommand` of a cluster, and the results that its Location leads to. */
export function createCommands(world: CommandWorld) {
  const commands = new Map<string, Command>();
  const takePlan = (later: boolean): CommandPlan | undefined => {
    const at = world.plans.findIndex((plan) => (plan.later ?? false) === later);
    const plan = world.plans[at];
    if (plan === undefined) return undefined;
    const { times = 1 } = plan;
    if (times > 1) world.plans[at] = { ...plan, times: times - 1 };
    else world.plans.splice(at, 1);
    return plan;
  };

  const start = async (cluster: ResourceDocument, call: ArmCall): Promise<WireResponse> => {
    const { clock } = call.world;
    const job = await readJob(cluster, call.body);
    const refused = takePlan(false);
    if (refused !== undefined) throw new ArmFailure(refused.status ?? 400, refused.code, refused.message);
    const plan = takePlan(true);
    const running = plan === undefined ? world.run(job) : Promise.resolve({ exitCode: 0, logs: "" });
    if (running === undefined)
      throw new ArmFailure(501, "NotEmulated", `Nothing runs commands in ${cluster.id}: aks.connect, or aks.onCommand`);
    const startedAt = clock.time();
    const endsAt = startedAt + world.settings.commandSeconds * 1000;
    const note = (result: CommandResult | Error) => {
      command.result = result;
    };
    const ended = running.then(note, (error: unknown) => note(error instanceof Error ? error : new Error(`${error}`)));
    const command: Command = { cluster: cluster.key, id: randomUUID(), startedAt, endsAt, plan, ended };
    commands.set(command.id, command);
    return accepted(call, cluster.id, command);
  };

  const accepted = ({ cloud, query }: ArmCall, cluster: string, { id }: Command): WireResponse => {
    const location = `https://${cloud.resourceManager}${cluster}/commandResults/${id}?api-version=${query["api-version"]}`;
    const wait = world.settings.commandRetryAfterSeconds;
    return emptyResponse(202, { location, ...(wait === undefined ? {} : { "retry-after": `${wait}` }) });
  };

  const route: ArmRoute = async (call) => {
    const [, cluster = "", id = ""] = /^(.+\/managedClusters\/[^/]+)\/commandResults\/([^/]+)$/i.exec(call.path) ?? [];
    const command = commands.get(id);
    if (call.method !== "GET" || command?.cluster !== cluster.toLowerCase()) return undefined;
    const { authorization, clock } = call.world;
    authorization.require(call.caller, [`${TYPE}/commandResults/read`], cluster);
    if (clock.time() < command.endsAt) return accepted(call, cluster, command);
    // The clock of a test stands still while the command takes real time.
    if (clock.frozen) await command.ended;
    if (command.result === undefined) return accepted(call, cluster, command);
    const { plan } = command;
    if (plan !== undefined) throw new ArmFailure(plan.status ?? 400, plan.code, plan.message);
    const finishedAt = new Date(Math.max(clock.time(), command.endsAt)).toISOString();
    return jsonResponse(200, { id, properties: resultOf(command, finishedAt) });
  };

  return { start, route };
}

const TYPE = "Microsoft.ContainerService/managedClusters";

function resultOf({ startedAt, result }: Command, finishedAt: string): Json {
  const times = { startedAt: new Date(startedAt).toISOString(), finishedAt };
  if (result === undefined || result instanceof Error) {
    return { provisioningState: "Failed", reason: result?.message ?? "unknown", exitCode: null, logs: "", ...times };
  }
  const logs = Buffer.from(result.logs).subarray(0, OUTPUT_BYTES).toString();
  return { provisioningState: "Succeeded", exitCode: result.exitCode, logs, ...times };
}

async function readJob(cluster: ResourceDocument, body: Json | undefined): Promise<CommandJob> {
  const properties = propertiesOf(cluster.body);
  if (asObject(properties["apiServerAccessProfile"])?.["disableRunCommand"] === true)
    throw bad(`Run command is disabled for managed cluster ${cluster.name}.`);
  if (asObject(properties["powerState"])?.["code"] === "Stopped")
    throw new ArmFailure(409, "OperationNotAllowed", `The managed cluster ${cluster.name} is stopped.`);
  const command = asText(body?.["command"]);
  if (command === undefined || command === "") throw bad("The command is required.");
  const context = asText(body?.["context"]) ?? "";
  const token = asObject(properties["aadProfile"]) === undefined ? undefined : await readToken(body?.["clusterToken"]);
  try {
    const files = context === "" ? [] : readZip(Buffer.from(context, "base64"));
    return { cluster: cluster.id, command, files, token };
  } catch (error) {
    throw bad(`The command's context cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** @throws ArmFailure where it is missing, or a token for something else */
async function readToken(given: unknown): Promise<string> {
  const token = asText(given);
  if (token === undefined || token === "") throw bad("The cluster has AAD enabled: clusterToken is required.");
  const caller = await proveCaller(token);
  if (caller?.audience === SERVER_APPLICATION) return token;
  throw bad(`clusterToken is no token for ${SERVER_APPLICATION}.`);
}

function bad(message: string): ArmFailure {
  return new ArmFailure(400, "BadRequest", message);
}
