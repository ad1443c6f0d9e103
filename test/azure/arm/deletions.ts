import { randomUUID } from "node:crypto";
import { asText, emptyResponse, type Json, type WireResponse } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import { ArmFailure, failureResponse, groupBeingDeleted } from "./failure.ts";
import { requireUnlocked } from "./locks.ts";
import { hold } from "./operations.ts";
import { within } from "./resource-id.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmWorld } from "./world.ts";

/** A resource that cannot be deleted, and the error its provider gives. */
export interface Blocker {
  /** Its id, whether or not it is in the store. */
  readonly target: string;
  readonly code: string;
  readonly message: string;
}

/** How a group's deletion goes; `seconds` overrides the setting. */
export type DeletionPlan = { readonly seconds?: number } & (
  | { readonly kind: "gone" }
  /** The rest is deleted, the blockers stay, the group returns to its old state. */
  | { readonly kind: "blocked"; readonly by: readonly Blocker[] }
  | { readonly kind: "timeout" }
  /** Gone, and there again `afterSeconds` later: a deployment was still running. */
  | { readonly kind: "came-back"; readonly afterSeconds?: number; readonly tags?: Readonly<Record<string, string>> }
  /** Never ends. */
  | { readonly kind: "stuck" }
  | { readonly kind: "failed"; readonly status: number; readonly code: string; readonly message: string }
);

export interface Deletion {
  readonly group: string;
  readonly subscriptionId: string;
  readonly startedAt: Date;
  readonly forceDeletionTypes: string | undefined;
  outcome: "running" | DeletionPlan["kind"];
}

export interface Deletions {
  /** All that were accepted, in order. */
  readonly all: readonly Deletion[];
  plan(groupId: string, plan: DeletionPlan): void;
  /** DELETE of a group that is there. @throws ArmFailure ScopeLocked, ResourceGroupBeingDeleted */
  start(
    world: ArmWorld,
    group: ResourceDocument,
    link: (path: string) => string,
    forceDeletionTypes: string | undefined,
  ): WireResponse;
  poll(
    world: ArmWorld,
    subscriptionId: string,
    operation: string,
    link: (path: string) => string,
  ): Promise<WireResponse>;
}

interface Running extends Deletion {
  readonly endsAt: number;
  failure?: ArmFailure;
}

export function createDeletions(): Deletions {
  const all: Running[] = [];
  const plans = new Map<string, DeletionPlan>();
  const running = new Map<string, Running>();

  return {
    all,
    plan: (groupId, plan) => {
      plans.set(groupId.toLowerCase(), plan);
    },
    start: (world, group, link, forceDeletionTypes) => {
      const { settings, clock, timeline } = world;
      requireUnlocked(world, group.id, "delete");
      if (settings.deploymentsBlock) requireNoDeployment(world, group);
      const operation = operationId(group, settings.escapedOperationIds);
      if (isDeleting(group)) {
        if (settings.secondDelete === "conflict") throw groupBeingDeleted(group.name);
        return accepted(link(operation), settings.initialRetryAfterSeconds);
      }
      const plan = plans.get(group.key) ?? { kind: "gone" };
      const subscriptionId = group.subscriptionId ?? "";
      const seconds = plan.kind === "stuck" ? Infinity : (plan.seconds ?? settings.deletionSeconds);
      const endsAt = clock.time() + seconds * 1000;
      const deletion: Running = {
        endsAt,
        group: group.name,
        subscriptionId,
        startedAt: clock.now(),
        forceDeletionTypes,
        outcome: "running",
      };
      all.push(deletion);
      running.set(operation.toLowerCase(), deletion);
      const before = group.body;
      group.body = { ...before, properties: { ...propertiesOf(before), provisioningState: "Deleting" } };
      world.busy.set(group.key, { verb: "delete", startedAt: clock.time(), endsAt });
      timeline.at(endsAt, () => {
        world.busy.delete(group.key);
        finish(world, group, before, plan, deletion);
      });
      return accepted(link(operation), settings.initialRetryAfterSeconds);
    },
    poll: async (world, subscriptionId, name, link) => {
      const { settings } = world;
      const operation = `/subscriptions/${subscriptionId}/operationresults/${name}`;
      const deletion = running.get(operation.toLowerCase());
      if (deletion === undefined) {
        throw new ArmFailure(404, "OperationNotFound", `The operation '${name}' could not be found.`);
      }
      await hold(world, deletion.endsAt);
      if (deletion.outcome === "running") return accepted(link(operation), settings.retryAfterSeconds);
      if (deletion.failure !== undefined) return failureResponse(deletion.failure);
      return emptyResponse(settings.finishedStatus);
    },
  };
}

export function isDeleting({ body }: ResourceDocument): boolean {
  return propertiesOf(body)["provisioningState"] === "Deleting";
}

/** No random part: a function of name and location, so that a later run can follow an earlier run's operation. */
function operationId({ name, body, subscriptionId }: ResourceDocument, escaped: boolean): string {
  const location = asText(body["location"]) ?? "global";
  const code = (character: string) => `:${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const shown = escaped ? name.replace(/[^A-Za-z0-9]/g, code) : name;
  const jobId = `RESOURCEGROUPDELETIONJOB-${shown}-${location}`.toUpperCase();
  const encoded = Buffer.from(JSON.stringify({ jobId, jobLocation: location })).toString("base64url");
  return `/subscriptions/${subscriptionId}/operationresults/${encoded}`;
}

function requireNoDeployment({ store }: ArmWorld, group: ResourceDocument): void {
  const running = store
    .list("Microsoft.Resources/deployments", group.key)
    .find(({ body }) => propertiesOf(body)["provisioningState"] === "Running");
  if (running === undefined) return;
  const message = `Unable to edit or replace deployment '${running.name}': previous deployment is still active. Please see https://aka.ms/arm-deploy for usage details.`;
  throw new ArmFailure(409, "DeploymentActive", message);
}

function accepted(location: string, retryAfter: number): WireResponse {
  return emptyResponse(202, { location, "retry-after": `${retryAfter}` });
}

function finish(world: ArmWorld, group: ResourceDocument, before: Json, plan: DeletionPlan, deletion: Running): void {
  const { store, timeline, clock } = world;
  deletion.outcome = plan.kind;
  const rollBack = () => {
    group.body = before;
  };
  switch (plan.kind) {
    case "gone":
      removeGroup(world, group);
      return;
    case "came-back": {
      removeGroup(world, group);
      const body = plan.tags === undefined ? before : { ...before, tags: plan.tags };
      timeline.at(clock.time() + (plan.afterSeconds ?? 0) * 1000, () => store.put(group.id, body));
      return;
    }
    case "blocked":
      removeContents(
        world,
        group,
        plan.by.map(({ target }) => target.toLowerCase()),
      );
      rollBack();
      deletion.failure = blockedFailure(group.name, plan.by);
      return;
    case "timeout":
      rollBack();
      deletion.failure = new ArmFailure(
        409,
        "ResourceGroupDeletionFailed",
        `Deletion of resource group '${group.name}' did not finish within allowed time. Resource group provisioning state rolled back.`,
      );
      return;
    case "failed":
      rollBack();
      deletion.failure = new ArmFailure(plan.status, plan.code, plan.message);
      return;
    case "stuck":
      return;
  }
}

function blockedFailure(name: string, by: readonly Blocker[]): ArmFailure {
  const named = by.map(({ target }) => `'${target.split(/\/providers\//i).at(-1)}'`).join(",");
  const message = `Deletion of resource group '${name}' failed as resources with identifiers ${named} could not be deleted. The provisioning state of the resource group will be rolled back. The tracking Id is '${randomUUID()}'. Please check audit logs for more details.`;
  // ARM puts each provider's answer in as a text, not as an object.
  const details = by.map(({ target, code, message: text }) => ({
    code,
    target,
    message: JSON.stringify({ error: { code, message: text, details: [] } }),
  }));
  return new ArmFailure(409, "ResourceGroupDeletionBlocked", message, { details });
}

function removeGroup(world: ArmWorld, group: ResourceDocument): void {
  const { store, settings, ghosts, clock } = world;
  removeContents(world, group, []);
  store.remove(group.key);
  if (settings.listedAfterGoneSeconds > 0) {
    ghosts.push({ document: { ...group }, until: clock.time() + settings.listedAfterGoneSeconds * 1000, in: "groups" });
  }
}

function removeContents(world: ArmWorld, group: ResourceDocument, except: readonly string[]): void {
  const { store, settings, behaviours, ghosts, clock } = world;
  for (const document of store.below(group.key)) {
    const { key, type } = document;
    if (except.some((kept) => within(kept, key) || within(key, kept))) continue;
    if (!settings.assignmentsVanish && type === "Microsoft.Authorization/roleAssignments") continue;
    store.remove(key);
    behaviours.get(type.toLowerCase())?.removed?.(document, world);
    if (settings.staleResourcesSeconds > 0) {
      ghosts.push({ document, until: clock.time() + settings.staleResourcesSeconds * 1000, in: "resources" });
    }
  }
}
