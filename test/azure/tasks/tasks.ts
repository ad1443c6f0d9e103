import { createHash, randomUUID } from "node:crypto";
import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { ArmFailure, resourceNotFound } from "../arm/failure.ts";
import { parseResourceId } from "../arm/resource-id.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { ArmCall } from "../arm/world.ts";
import type { BlobAddress } from "../blobs/blob.ts";
import type { Blobs } from "../blobs/blobs.ts";
import { asText, type Json, jsonResponse, type WireResponse } from "../wire.ts";
import type { BuilderFactory } from "./builder.ts";
import { createRunLog } from "./log.ts";
import { planTask } from "./plan-task.ts";
import type { RegistryLogins } from "./registry-logins.ts";
import { type RunRequest, readRunRequest } from "./request.ts";
import { runBehaviour, runRoute } from "./run-resources.ts";
import { type Run, startRun } from "./runs.ts";
import { defaultTaskSettings, type TaskSettings } from "./settings.ts";

/** ACR Tasks of every registry in ARM: quick runs of uploaded sources. */
export interface Tasks {
  /** Behaviour that may be changed at any time. */
  readonly settings: TaskSettings;
  /** What builds. Replace it to build something else, or to stop in the middle. */
  builder: BuilderFactory;
  /** All runs of all registries, the oldest first. */
  readonly runs: readonly Run[];
  /** The run of this id; ids are counted up over all registries. */
  find(runId: string): Run | undefined;
  /**
   * Settles when no run works any more: what a test's `sleep` waits for before it moves a frozen clock, since the work of a run
   * takes real time. A run that waits in the queue is not waited for.
   */
  idle(): Promise<void>;
}

export interface TasksOptions {
  readonly arm: Arm;
  readonly blobs: Blobs;
  readonly builder: BuilderFactory;
  readonly logins: RegistryLogins;
}

/** The first id is ca1. */
const FIRST_RUN = Number.parseInt("a1", 36);

const REGISTRIES = "Microsoft.ContainerRegistry/registries";

/** Adds ACR Tasks to the registries of an ARM. */
export function createTasks({ arm, blobs, builder, logins }: TasksOptions): Tasks {
  const settings = defaultTaskSettings();
  const runs: Run[] = [];
  const { world } = arm;
  const tasks: Tasks = {
    settings,
    builder,
    runs,
    find: (runId) => runs.find(({ plan }) => plan.runId === runId),
    idle: async () => {
      const working = () => runs.filter(({ status }) => status === "Running");
      for (let left = working(); left.length > 0; left = working().filter((run) => !left.includes(run))) {
        await Promise.all(left.map(({ finished }) => finished));
      }
    },
  };

  const uploadUrl = (registry: ResourceDocument): WireResponse => {
    const place = storageOf(registry);
    blobs.addContainer(place.account, place.container);
    const minute = world.clock.now().toISOString().slice(0, 16).replace(/[-T:]/g, "");
    const relativePath = `source/${minute}/${randomUUID()}.tar.gz`;
    const address = { ...place, name: relativePath };
    const link = blobs.sign(address, { permissions: "rw", seconds: settings.uploadLinkSeconds });
    return jsonResponse(200, { relativePath, uploadUrl: link });
  };

  const scheduleRun = (registry: ResourceDocument, call: ArmCall): WireResponse => {
    const request = readRunRequest(call.body);
    if (settings.forbidden) return forbidden(registry);
    requireSource(registry, request);
    const runId = `c${(FIRST_RUN + runs.length).toString(36)}`;
    const place = storageOf(registry);
    blobs.addContainer(place.account, place.container);
    const document = world.store.put(`${registry.id}/runs/${runId}`, {
      properties: firstProperties(runId, request, call),
    });
    const loginServer = asText(propertiesOf(registry.body)["loginServer"]) ?? "";
    const log = createRunLog(blobs, { ...place, name: `logs/${runId}/rawtext.log` }, world.clock);
    const { caller } = call;
    const plan = {
      ...{ runId, loginServer, registry, request, caller, log },
      task: (workspace: string) => planTask(request, workspace, { runId, loginServer, now: world.clock.now(), log }),
      logins: () => logins({ registry, request, caller, apiVersion: call.query["api-version"] ?? "" }),
    };
    runs.push(startRun(plan, document, { world, blobs, settings, builder: () => tasks.builder }));
    return jsonResponse(200, { id: document.id, name: runId, type: document.type, ...document.body });
  };

  const requireSource = (registry: ResourceDocument, { sourceLocation }: RunRequest) => {
    if (sourceLocation === undefined || settings.missingSource === "fail") return;
    if (blobs.find({ ...storageOf(registry), name: sourceLocation }) !== undefined) return;
    throw new ArmFailure(400, "InvalidRequest", `The source location '${sourceLocation}' does not exist.`);
  };

  const actions: Readonly<Record<string, (registry: ResourceDocument, call: ArmCall) => WireResponse>> = {
    listbuildsourceuploadurl: uploadUrl,
    schedulerun: scheduleRun,
  };
  // A route, so that it stays whatever becomes of the type.
  arm.addRoute((call) => {
    const at = call.path.lastIndexOf("/");
    const [id, name] = [call.path.slice(0, at), call.path.slice(at + 1)];
    const action = actions[name.toLowerCase()];
    const target = parseResourceId(id);
    if (call.method !== "POST" || action === undefined || target === undefined) return undefined;
    if (target.type.toLowerCase() !== REGISTRIES.toLowerCase()) return undefined;
    world.authorization.require(call.caller, [`${REGISTRIES}/${name}/action`], id);
    const registry = world.store.find(id);
    if (registry === undefined) throw resourceNotFound(REGISTRIES, target.name, target.resourceGroup);
    return action(registry, call);
  });
  arm.define(runBehaviour(tasks, blobs));
  arm.addRoute(runRoute);
  return tasks;
}

/** Where a registry's sources and logs are kept: a container of its own. */
function storageOf({ key }: ResourceDocument): Omit<BlobAddress, "name"> {
  const hash = createHash("sha256").update(key).digest("hex");
  return { account: "acrtaskprodeus064", container: `container-${hash.slice(0, 32)}` };
}

function forbidden(registry: ResourceDocument): WireResponse {
  const message = `ACR Tasks requests for the registry ${registry.name} and ${registry.subscriptionId} are not permitted. Please file an Azure support request at http://aka.ms/azuresupport for assistance.`;
  return jsonResponse(400, { error: { code: "TasksOperationsNotAllowed", message, target: "request" } });
}

function firstProperties(runId: string, request: RunRequest, { world }: ArmCall): Json {
  const now = world.clock.now().toISOString();
  const { platform, agentConfiguration, isArchiveEnabled, customRegistries, sourceRegistry } = request;
  return {
    runId,
    status: "Queued",
    lastUpdatedTime: now,
    runType: request.type === "DockerBuildRequest" ? "QuickBuild" : "QuickRun",
    createTime: now,
    platform: { ...platform, os: platform.os.toLowerCase() },
    agentConfiguration,
    sourceRegistryAuth: asText(sourceRegistry["identity"] ?? sourceRegistry["loginMode"]),
    customRegistries: Object.keys(customRegistries),
    provisioningState: "Succeeded",
    isArchiveEnabled,
  };
}
