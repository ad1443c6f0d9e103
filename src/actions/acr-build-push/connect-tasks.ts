import { type AcrTasks, connectAcrTasks } from "../../azure/acr-tasks.ts";
import { type Blobs, connectBlobs } from "../../azure/blobs.ts";
import type { RegistryFacts } from "../../azure/registry-facts.ts";
import { makeIndex, parsePlatform } from "../../image/make-index.ts";
import type { Descriptor } from "../../image/manifest.ts";
import type { Repository } from "../../image/repository.ts";
import { listUnsupported } from "../../image/unsupported.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Builder } from "./builder.ts";
import type { FoundBuilder } from "./choose-builder.ts";
import type { RunRegistries } from "./connect-registries.ts";
import { type FinishedRun, runTask, type TaskOrder } from "./connect-task-run.ts";
import { uploadSource } from "./connect-task-source.ts";
import type { spec } from "./spec.ts";

export interface TasksWorld {
  readonly runner: Runner;
  readonly workspace: string;
  readonly registries: RunRegistries;
  readonly inputs: InputsOf<typeof spec>;
}

/** What a build on ACR Tasks works with. */
export interface TasksSite extends TasksWorld {
  readonly tasks: AcrTasks;
  readonly blobs: Blobs;
  readonly facts: RegistryFacts;
}

/** ACR Tasks of the registry that was named, or why they cannot be used. Nothing is asked yet. */
export function connectTasks(world: TasksWorld): () => Promise<FoundBuilder> {
  const { runner, registries, inputs } = world;
  return async () => {
    if (!inputs.push) return { kind: "missing", because: "ACR Tasks build only to push, and push is false" };
    if (inputs.registry === undefined) return { kind: "missing", because: "no registry is named" };
    try {
      const facts = await registries.requireFacts();
      const tasks = connectAcrTasks(registries.arm, facts.id, runner.mask);
      const blobs = connectBlobs({ ...runner, time: { ...runner, random: Math.random } });
      return { kind: "there", builder: makeBuilder({ ...world, tasks, blobs, facts }) };
    } catch (error) {
      if (error instanceof UserError && error.code !== "cancelled") return { kind: "missing", because: error.message };
      throw error;
    }
  };
}

function makeBuilder(site: TasksSite): Builder {
  const { facts, inputs } = site;
  return {
    kind: "acr-tasks",
    description: `ACR Tasks of ${facts.loginServer}${inputs.agentPool === undefined ? "" : `, pool ${inputs.agentPool}`}`,
    needsCarrier: true,
    listUnsupported: (request) => listUnsupported("acr-tasks", request),
    build: async (request, target) => {
      const [primary] = target?.repositories ?? [];
      const carrierTag = target?.carrierTag;
      if (primary === undefined || carrierTag === undefined)
        throw new Error("ACR Tasks were asked to build for nobody");
      if (primary.host !== facts.loginServer) {
        const text = `images: ACR Tasks push to ${facts.loginServer} only, and the first image is in ${primary.host}. Name one of the registry's own first, or use builder: buildx.`;
        throw new UserError("builder-cannot", text);
      }
      const source = await uploadSource(request, site);
      const platforms = request.platforms.length === 0 ? [undefined] : request.platforms;
      const orders = platforms.map((platform) => ({
        platform,
        name: primary.name,
        // Each platform has a tag of its own on the way; together they get one.
        tag: platforms.length > 1 ? `${carrierTag}-${platform?.replaceAll("/", "-") ?? ""}` : carrierTag,
        source,
        request,
      }));
      const runs = await site.runner.log.group("Build on ACR Tasks", () => runTogether(orders, site));
      const digest = await join(runs, primary, request.annotations, site);
      const runIds = runs.map(({ runId }) => runId).join(",");
      return { digest, steps: runs.flatMap(({ steps }) => steps), warnings: [], metadata: { runs }, runId: runIds };
    },
  };
}

/** All runs, or the first fault once none is under way any more: it cancels the others, whose images nobody would use. */
async function runTogether(orders: readonly TaskOrder[], site: TasksSite): Promise<readonly FinishedRun[]> {
  const broken = new AbortController();
  const cancelled = AbortSignal.any([site.runner.cancelled, broken.signal]);
  const faults: unknown[] = [];
  const runs = await Promise.all(
    orders.map((order) =>
      runTask(order, { ...site, runner: { ...site.runner, cancelled } }).catch((error: unknown) => {
        faults.push(error);
        broken.abort();
      }),
    ),
  );
  if (faults.length > 0) throw faults[0];
  return runs.filter((run) => run !== undefined);
}

/** One digest of all platforms: the image itself, or an index of several. */
async function join(
  runs: readonly FinishedRun[],
  { host, name }: Repository,
  annotations: Readonly<Record<string, string>>,
  { registries }: TasksSite,
): Promise<string | undefined> {
  if (runs.length === 1) return runs[0]?.digest;
  const registry = registries.registry(host);
  const manifests = await Promise.all(
    runs.map(async ({ digest, platform = "" }): Promise<Descriptor> => {
      const found = await registry.findManifest(name, digest);
      if (found === undefined) throw new Error(`ACR Tasks pushed ${digest}, and it is not there`);
      return { mediaType: found.mediaType, digest, size: found.size, platform: parsePlatform(platform) };
    }),
  );
  const index = makeIndex(manifests, annotations);
  await registry.putManifest(name, index.digest, index);
  return index.digest;
}
