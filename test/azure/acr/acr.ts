import { randomBytes } from "node:crypto";
import type { Arm } from "../arm/arm.ts";
import { propertiesOf } from "../arm/authorization.ts";
import { parseResourceId } from "../arm/resource-id.ts";
import type { ResourceDocument } from "../arm/store.ts";
import type { Clock } from "../clock.ts";
import type { FaultPlan } from "../faults.ts";
import { wholeRequest } from "../streams.ts";
import { asText, emptyResponse, type Json, type StreamedRequest, type StreamedResponse } from "../wire.ts";
import { createAcrGate, type Gate, type GatedRegistry, NULL_USER } from "./acr-gate.ts";
import { registryRoute } from "./arm-requests.ts";
import type { OciBackend } from "./backend.ts";
import { answerFailures } from "./failure.ts";
import { type AcrFault, type AcrFaultOptions, addAcrFault } from "./faults.ts";
import { createForeignRegistry, type ForeignRegistry, type ForeignRegistryOptions } from "./foreign-registry.ts";
import { createForwardBackend } from "./forward-backend.ts";
import { type ImportPlan, importImage } from "./import-image.ts";
import { answerMetadata } from "./metadata.ts";
import { createRegistryState } from "./registry.ts";
import { createRegistryService, type RegistryService } from "./registry-service.ts";
import { type LoginServers, prepareRegistry, REGISTRY_TYPE, registryBehaviour } from "./registry-type.ts";
import type { RegistrySettings } from "./settings.ts";
import { answerTokens, refreshToken } from "./token-service.ts";
import { registryJwks, signToken } from "./tokens.ts";

/** One container registry of the emulated Azure. */
export interface AcrRegistry extends GatedRegistry {
  /** Its resource id. */
  readonly id: string;
  readonly loginServer: string;
  readonly importPlans: ImportPlan[];
  /** How the next import into it goes. */
  planImport(plan: ImportPlan): void;
  /** Spoils requests to it: one of the faults that people have reported. */
  fault(fault: AcrFault, options?: AcrFaultOptions): void;
  /** User and password for docker, of a principal, or of Azure itself that may do everything. */
  credentials(objectId?: string): { readonly username: string; readonly password: string };
  /** Changes its properties in ARM, policies and network rules among them. */
  configure(properties: Json): void;
}

export interface AddRegistryOptions {
  /** 5 to 50 letters and digits. */
  readonly name: string;
  readonly subscriptionId: string;
  /** Its resource group, which is made where it is missing; `registries` where left out. */
  readonly group?: string;
  /** `legacy` where left out. */
  readonly mode?: "legacy" | "abac";
  readonly sku?: "Basic" | "Standard" | "Premium";
  /** In memory where left out; with a URL a real registry answers behind the emulated one. */
  readonly backend?: OciBackend | { readonly url: string };
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Json;
  readonly settings?: Partial<RegistrySettings>;
  /** Roles by the object id of who has them. */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
}

/** Every container registry, Azure's and others. */
export interface Acr {
  readonly settings: LoginServers;
  /** Public keys of the tokens, for a real registry that checks them itself. */
  readonly jwks: ReturnType<typeof registryJwks>;
  readonly registries: readonly AcrRegistry[];
  /** By resource id or login server, without regard to case. */
  find(idOrLoginServer: string): AcrRegistry | undefined;
  addRegistry(options: AddRegistryOptions): AcrRegistry;
  /** A registry that is not Azure's, to import from or to push to. */
  addForeignRegistry(options: ForeignRegistryOptions): ForeignRegistry;
  /** Answers registries' hosts; undefined for others. */
  answer(request: StreamedRequest, url: URL): Promise<StreamedResponse | undefined>;
}

export interface AcrOptions {
  readonly arm: Arm;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  /** Lets requests to a host come here. */
  serve(host: string | RegExp): void;
}

export function createAcr({ arm, clock, faults, serve }: AcrOptions): Acr {
  const settings: LoginServers = { loginServers: "plain" };
  const states = new Map<
    string,
    { readonly registry: AcrRegistry; readonly gate: Gate; readonly service: RegistryService }
  >();
  const foreign: ForeignRegistry[] = [];

  const create = (resource: ResourceDocument, options: Pick<AddRegistryOptions, "backend" | "settings"> = {}) => {
    const host = asText(propertiesOf(resource.body)["loginServer"]) ?? "";
    const token = (access: Parameters<typeof signToken>[1]["access"]) =>
      signToken(
        host,
        { sub: "emulator", access, grant_type: "access_token" },
        { now: clock.time() / 1000, seconds: 300 },
      );
    const backend =
      options.backend !== undefined && "url" in options.backend
        ? createForwardBackend({ url: options.backend.url, host, token })
        : options.backend;
    const state = createRegistryState({
      host,
      clock,
      ...(backend === undefined ? {} : { backend }),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
    });
    const gated: GatedRegistry = {
      ...state,
      resource,
      world: arm.world,
      adminPasswords: [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")],
    };
    const registry: AcrRegistry = {
      ...gated,
      id: resource.id,
      loginServer: host,
      importPlans: [],
      planImport: (plan) => {
        registry.importPlans.push(plan);
      },
      fault: (fault, given) => addAcrFault(faults, host, fault, given),
      credentials: (objectId) => ({ username: NULL_USER, password: refreshToken(gated, objectId) }),
      configure: (properties) => {
        const body = { ...resource.body, properties: { ...propertiesOf(resource.body), ...properties } };
        const id = parseResourceId(resource.id);
        if (id === undefined) throw new Error(`${resource.id} is no resource id`);
        arm.add(resource.id, prepareRegistry({ id, body, previous: resource.body, world: arm.world }, settings));
      },
    };
    const gate = createAcrGate(registry);
    const made = { registry, gate, service: createRegistryService(registry, gate) };
    states.set(resource.key, made);
    return made;
  };
  const documents = () => arm.world.store.list(REGISTRY_TYPE, "/");
  const ensure = (resource: ResourceDocument) => states.get(resource.key) ?? create(resource);
  const byHost = (host: string) => {
    const document = documents().find(({ body }) => asText(propertiesOf(body)["loginServer"]) === host.toLowerCase());
    return document === undefined ? undefined : ensure(document);
  };
  const byId = (id: string) => {
    const document = arm.world.store.find(id);
    return document?.type.toLowerCase() === REGISTRY_TYPE.toLowerCase() ? ensure(document).registry : undefined;
  };
  const byForeignHost = (host: string) => foreign.find((each) => each.host === host || each.imported === host);

  const behaviour = registryBehaviour(settings);
  arm.define({ ...behaviour, removed: ({ key }) => void states.delete(key) });
  arm.extend(REGISTRY_TYPE, {
    importImage: (document, call) =>
      importImage(ensure(document).registry, call, {
        byId,
        byHost: (host) => byHost(host)?.registry,
        foreign: byForeignHost,
      }),
    listCredentials: (document) => listCredentials(ensure(document).registry),
  });
  arm.define({ type: `${REGISTRY_TYPE}/replications` });
  arm.addRoute(registryRoute(byId));

  return {
    settings,
    jwks: registryJwks(),
    get registries() {
      return documents().map((document) => ensure(document).registry);
    },
    find: (idOrLoginServer) =>
      idOrLoginServer.startsWith("/") ? byId(idOrLoginServer) : byHost(idOrLoginServer)?.registry,
    addRegistry: (options) => {
      const { subscriptionId, name, group = "registries", location = "eastus", tags, sku = "Premium", mode } = options;
      const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${group}`;
      if (arm.find(groupId) === undefined) arm.addResourceGroup({ subscriptionId, name: group, location });
      const id = parseResourceId(`${groupId}/providers/${REGISTRY_TYPE}/${name}`);
      if (id === undefined) throw new Error(`"${name}" is no name of a registry`);
      const roleAssignmentMode = mode === "abac" ? "AbacRepositoryPermissions" : "LegacyRegistryPermissions";
      const body = {
        location,
        sku: { name: sku },
        ...(tags === undefined ? {} : { tags }),
        properties: { roleAssignmentMode, ...options.properties },
      };
      const prepared = prepareRegistry({ id, body, previous: undefined, world: arm.world }, settings);
      const { registry } = create(arm.add(id.id, prepared), options);
      for (const [objectId, roles] of Object.entries(options.roles ?? {})) {
        for (const role of roles) arm.assignRole(objectId, role, registry.id);
      }
      return registry;
    },
    addForeignRegistry: (options) => {
      const registry = createForeignRegistry(options, clock);
      foreign.push(registry);
      for (const host of new Set([registry.api, registry.realm.hostname])) serve(host);
      return registry;
    },
    answer: async (request, url) => {
      const made = byHost(url.hostname);
      if (made !== undefined) return answerAcr(made.registry, made.gate, made.service, request, url);
      for (const { service } of states.values()) {
        const answered = await service.answerLink(request, url);
        if (answered !== undefined) return answered;
      }
      for (const each of foreign) {
        const isToken = each.realm.hostname === url.hostname && each.realm.pathname === url.pathname;
        if (isToken) return each.answerToken(await wholeRequest(request), url);
        if (each.api === url.hostname) return each.service.answer(request, url);
      }
      return undefined;
    },
  };
}

async function answerAcr(
  registry: AcrRegistry,
  gate: Gate,
  service: RegistryService,
  request: StreamedRequest,
  url: URL,
): Promise<StreamedResponse> {
  if (/^\/v2(\/|$)/.test(url.pathname)) return service.answer(request, url);
  if (url.pathname.startsWith("/acr/v1/")) return answerMetadata(registry, gate, request, url);
  if (!url.pathname.startsWith("/oauth2/")) return emptyResponse(404);
  const whole = await wholeRequest(request);
  return answerFailures(async () => (await answerTokens(registry, whole, url)) ?? emptyResponse(404));
}

function listCredentials({ resource, adminPasswords }: AcrRegistry) {
  if (propertiesOf(resource.body)["adminUserEnabled"] !== true) {
    const message = `Run 'az acr update -n ${resource.name} --admin-enabled true' to enable the admin user.`;
    return {
      status: 400,
      headers: {},
      body: JSON.stringify({ error: { code: "UnAuthorizedForCredentialOperations", message } }),
    };
  }
  const passwords = adminPasswords.map((value, index) => ({ name: index === 0 ? "password" : "password2", value }));
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: resource.name, passwords }),
  };
}
