import { randomUUID } from "node:crypto";
import { proveCaller } from "../arm/authentication.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { ArmFailure } from "../arm/failure.ts";
import type { ArmCall } from "../arm/world.ts";
import { asText, emptyResponse, jsonResponse, type WireResponse } from "../wire.ts";
import type { AcrRegistry } from "./acr.ts";
import { identify, NULL_USER } from "./acr-gate.ts";
import { copyImage } from "./copy-image.ts";
import { RegistryFailure } from "./failure.ts";
import type { ForeignRegistry } from "./foreign-registry.ts";
import { grantedActions, type Identity, isAbac } from "./grants.ts";
import { type ImportRequest, readImportRequest } from "./import-request.ts";
import { digestOf } from "./oci.ts";
import type { RegistryState } from "./registry.ts";
import { REGISTRY_TYPE } from "./registry-type.ts";

/** How an import goes. Without a plan it copies what it was asked for. */
export type ImportPlan =
  /** Somebody else was quicker: a target tag exists by the time it gets there. */
  | { readonly kind: "conflict" }
  /** It says that it has succeeded, and the tag has no manifest. */
  | { readonly kind: "manifest-missing" }
  | { readonly kind: "failed"; readonly message?: string }
  /** It never ends. */
  | { readonly kind: "stuck" };

/** Finds registries by what an import calls them. */
export interface ImportSources {
  byId(id: string): AcrRegistry | undefined;
  byHost(host: string): AcrRegistry | undefined;
  foreign(host: string): ForeignRegistry | undefined;
}

/** POST `…/importImage`: answers 202 at once; the copying is done when the operation's time has come. */
export function importImage(target: AcrRegistry, call: ArmCall, sources: ImportSources): WireResponse {
  const request = readImportRequest(call.body);
  const source = findSource(request, call, sources);
  const { world, cloud, query } = call;
  const { settings, resource } = target;
  const plan = target.importPlans.shift();
  const id = `registries-${randomUUID()}`;
  const startedAt = world.clock.time();
  const endsAt = plan?.kind === "stuck" ? Number.POSITIVE_INFINITY : startedAt + settings.importSeconds * 1000;
  let done: Promise<WireResponse> | undefined;
  const result = () => {
    done ??= carryOut(target, source, request, plan).then(
      () => emptyResponse(200),
      (failure: unknown) => failed(id, target, failure),
    );
    return done;
  };
  world.operations.set(id, { id, startedAt, endsAt, retryAfterSeconds: settings.importRetryAfterSeconds, result });
  // It is carried out in its time, whether or not anybody asks for it.
  if (Number.isFinite(endsAt)) world.timeline.at(endsAt, () => void result());
  const region = (asText(resource.body["location"]) ?? "westeurope").replaceAll(" ", "").toUpperCase();
  const path = `/subscriptions/${resource.subscriptionId}/providers/Microsoft.ContainerRegistry/locations/${region}/operationResults/${id}`;
  const location = `https://${cloud.resourceManager}${path}?api-version=${query["api-version"]}`;
  const headers = {
    location,
    "retry-after": `${settings.importRetryAfterSeconds}`,
    "content-type": "application/json",
  };
  return { status: 202, headers, body: "null" };
}

/** Where to read from, or what the operation will say instead. */
type Source = RegistryState | { readonly refused: string };

function findSource({ source }: ImportRequest, call: ArmCall, sources: ImportSources): Source | Promise<Source> {
  const { from, credentials, repository } = source;
  if ("resourceId" in from) {
    const registry = sources.byId(from.resourceId);
    if (registry === undefined || tenantOf(registry, call) !== call.caller.tenantId) {
      throw new ArmFailure(
        400,
        "InvalidParameters",
        `The source registry '${from.resourceId}' was not found in this tenant.`,
      );
    }
    requirePull(registry, call, repository);
    return registry;
  }
  const { host } = from;
  const registry = sources.byHost(host);
  const wanted = { type: "repository", name: repository, actions: ["pull"] };
  if (registry !== undefined) {
    if (asText(propertiesOf(registry.resource.body)["publicNetworkAccess"]) === "Disabled") {
      return { refused: `The registry ${host} cannot be reached: public network access is disabled.` };
    }
    return identifySource(registry, credentials).then((identity) =>
      identity === undefined || grantedActions(registry, identity, wanted).length === 0 ? unauthorized(host) : registry,
    );
  }
  const foreign = sources.foreign(host);
  if (foreign === undefined) return { refused: `The registry ${host} could not be reached.` };
  return foreign.mayPull(credentials) ? foreign : unauthorized(host);
}

/** A password without a user may be a token of the registry's, or Entra's of the registry's own tenant. */
async function identifySource(
  registry: AcrRegistry,
  credentials: ImportRequest["source"]["credentials"],
): Promise<Identity | undefined> {
  if (credentials === undefined) return { kind: "anonymous" };
  const { username, password } = credentials;
  const known = identify(registry, username ?? NULL_USER, password);
  if (known !== undefined || username !== undefined) return known;
  const caller = await proveCaller(password);
  const fresh = caller !== undefined && registry.clock.time() / 1000 < caller.expires;
  return fresh ? { kind: "entra", objectId: caller.objectId } : undefined;
}

function unauthorized(host: string): { readonly refused: string } {
  return { refused: `The registry ${host} answered 401 Unauthorized. Check the credentials of the source.` };
}

function tenantOf({ resource }: AcrRegistry, { world }: ArmCall): string | undefined {
  return asText(world.store.find(`/subscriptions/${resource.subscriptionId}`)?.body["tenantId"]);
}

function requirePull(registry: AcrRegistry, { world, caller }: ArmCall, repository: string): void {
  if (!isAbac(registry)) {
    world.authorization.require(caller, [`${REGISTRY_TYPE}/pull/read`], registry.resource.id);
    return;
  }
  const wanted = { type: "repository", name: repository, actions: ["pull"] };
  const identity = { kind: "entra" as const, objectId: caller.objectId };
  if (grantedActions(registry, identity, wanted).length > 0) return;
  world.authorization.require(caller, [`${REGISTRY_TYPE}/repositories/content/read`], registry.resource.id);
}

async function carryOut(
  target: AcrRegistry,
  found: Source | Promise<Source>,
  request: ImportRequest,
  plan: ImportPlan | undefined,
): Promise<void> {
  const source = await found;
  const { targets, untagged, force } = request;
  const { repository, reference } = request.source;
  if (plan?.kind === "failed") throw new Refused(plan.message ?? "Error copying blobs");
  if ("refused" in source) throw new Refused(source.refused);
  for (const each of targets) {
    const existing = target.ledger.find(each.repository)?.tags.get(each.tag);
    const name = `${each.repository}:${each.tag}`;
    if (plan?.kind === "conflict" || (existing !== undefined && !force)) throw new TagExists(name);
    if (existing?.attributes.writeEnabled === false && !target.settings.forceMovesLocked) throw new TagExists(name);
  }
  if (plan?.kind === "manifest-missing") {
    const digest = (await source.backend.findManifest(repository, reference))?.digest ?? digestOf(reference);
    for (const each of targets) target.ledger.dangle(each.repository, each.tag, digest);
    return;
  }
  for (const each of targets) await copyImage(source, repository, reference, target, each.repository, each.tag);
  for (const each of untagged) await copyImage(source, repository, reference, target, each, undefined);
}

class Refused extends Error {}

class TagExists extends Error {}

function failed(id: string, { resource }: AcrRegistry, failure: unknown): WireResponse {
  const says = `Operation ${id} failed. Resource ${resource.id}`;
  if (failure instanceof TagExists) {
    const message = `${says} Tag ${failure.message} already exists in target registry.`;
    return jsonResponse(409, { error: { code: "Conflict", message } });
  }
  if (!(failure instanceof Refused) && !(failure instanceof RegistryFailure)) throw failure;
  return jsonResponse(400, { error: { code: "InvalidParameters", message: `${says} ${failure.message}` } });
}
