import type { HttpClient } from "@azure/core-rest-pipeline";
import { createGitHubApi, GITHUB_API_HOST, type GitHubApi } from "../github/github-api.ts";
import { type Acr, createAcr } from "./acr/acr.ts";
import { BLOB_LINK_HOST } from "./acr/blob-links.ts";
import { type Aks, createAks } from "./aks/aks.ts";
import { ISSUER_HOST } from "./aks/workload-tokens.ts";
import { type Arm, createArm } from "./arm/arm.ts";
import { type BlobOptions, type Blobs, createBlobs } from "./blobs/blobs.ts";
import { type Clock, createClock } from "./clock.ts";
import { cloudOfAuthority, cloudOfResourceManager } from "./clouds.ts";
import { createEntra, type Entra } from "./entra/entra.ts";
import { createFaultPlan, type FaultPlan } from "./faults.ts";
import { createGithubIssuer, type GithubIssuer } from "./github/issuer.ts";
import { createHttpClient } from "./http-client.ts";
import { createStorageAccounts, type StorageAccounts } from "./storage-accounts/storage-accounts.ts";
import {
  countIncoming,
  countOutgoing,
  createMeter,
  isStream,
  streamedRequest,
  wholeRequest,
  wholeResponse,
} from "./streams.ts";
import { registryLogins } from "./tasks/registry-logins.ts";
import { scriptedBuilder } from "./tasks/scripted-builder.ts";
import { createTasks, type Tasks } from "./tasks/tasks.ts";
import { BODY_BYTES, createTraffic, isText, redactBody, redactHeaders, type Traffic } from "./traffic.ts";
import { VAULT_HOST } from "./vault/vault-data.ts";
import { createVaults, type Vaults } from "./vault/vaults.ts";
import {
  asObject,
  type Json,
  jsonResponse,
  type StreamedRequest,
  type StreamedResponse,
  type WireRequest,
  type WireResponse,
} from "./wire.ts";
import { defineWorkspaces } from "./workspaces/workspace-type.ts";

export interface AzureOptions {
  /** What the clock shows at first; real time where left out. */
  readonly now?: Date;
  /** Stops the clock from the start. */
  readonly frozen?: boolean;
  /** How many requests the record keeps before it lets the oldest half go. */
  readonly keepRequests?: number;
  readonly arm?: Partial<Arm["settings"]>;
  readonly blobs?: BlobOptions;
}

/** A service of another part that answers for a host: a registry, blobs, GitHub's API. */
export type Service = (request: WireRequest, url: URL) => Promise<WireResponse | undefined>;

/** The same for what is too large to hold. It must not read from the body before it knows that the request is its own. */
export type StreamingService = (request: StreamedRequest, url: URL) => Promise<StreamedResponse | undefined>;

/** GitHub's OIDC issuer, Entra and ARM in memory, without a socket. */
export interface Azure {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly traffic: Traffic;
  readonly github: GithubIssuer;
  /** GitHub's REST and GraphQL: comments, runs, permissions. */
  readonly githubApi: GitHubApi;
  readonly entra: Entra;
  readonly arm: Arm;
  /** Container registries: their contents, tokens and imports. */
  readonly acr: Acr;
  readonly aks: Aks;
  readonly vaults: Vaults;
  readonly storageAccounts: StorageAccounts;
  readonly blobs: Blobs;
  readonly tasks: Tasks;
  /** Lets another part answer for hosts. Whole names go before patterns, later ones before earlier, so that one can be replaced. */
  serve(host: string | RegExp, service: Service): void;
  serve(host: string | RegExp, service: StreamingService, options: { readonly streaming: true }): void;
  /** Whether the name is one of those that the emulator answers for at all. */
  answersFor(host: string): boolean;
  /** The whole of it as one function. Rejects with ConnectionReset where a fault breaks the connection. */
  answer(request: WireRequest): Promise<WireResponse>;
  /** Whether a service of this host asked for streams. */
  streams(host: string): boolean;
  /**
   * As `answer`, with bodies that stream where the service of the host does. What a part of the emulator asks of another,
   * `inside`, does not move a frozen clock.
   */
  stream(request: StreamedRequest, options?: { readonly inside: true }): Promise<StreamedResponse>;
  /** For the `httpClient` option of any Azure SDK client. */
  httpClient(): HttpClient;
}

/** Names that the proxy has a certificate for; those that no part serves yet are answered 501 and recorded as refused. */
const HOSTS: readonly RegExp[] = [
  /\.actions\.githubusercontent\.com$/,
  /\.azurecr\.io$/,
  /\.blob\.core\.windows\.net$/,
  /\.vault\.azure\.net$/,
  /^api\.github\.com$/,
  /^graph\.microsoft\.com$/,
];

export function createAzure(options: AzureOptions = {}): Azure {
  const clock = createClock(options.now);
  if (options.frozen === true) clock.freeze(options.now);
  const faults = createFaultPlan(clock);
  const traffic = createTraffic(options.keepRequests);
  const github = createGithubIssuer(clock);
  const githubApi = createGitHubApi(clock);
  const services: (
    | { readonly host: string | RegExp; readonly streaming: false; readonly service: Service }
    | { readonly host: string | RegExp; readonly streaming: true; readonly service: StreamingService }
  )[] = [];
  const servicesOf = (name: string) => [
    ...services.filter(({ host }) => host === name),
    ...services.filter(({ host }) => typeof host !== "string" && host.test(name)),
  ];
  const fetchJson = async (address: string): Promise<Json | undefined> => {
    const request = { method: "GET", url: address, headers: {} };
    const url = URL.parse(address);
    const served = url === null ? undefined : await fromServices(request, url);
    const response =
      url === null ? undefined : served === undefined ? github.answer(request, url) : await wholeResponse(served);
    return response?.status === 200 ? asObject(JSON.parse(response.body.toString())) : undefined;
  };
  const entra = createEntra(clock, fetchJson);
  const arm = createArm(clock, entra);
  Object.assign(arm.settings, options.arm);
  const acr = createAcr({ arm, clock, faults, serve: (host) => azure.serve(host, acr.answer, { streaming: true }) });
  const aks = createAks(arm, clock);
  const vaults = createVaults(arm, clock);
  const storageAccounts = createStorageAccounts(arm);
  defineWorkspaces(arm);
  const blobs = createBlobs(arm.world, options.blobs);

  const fromServices = async (request: WireRequest | StreamedRequest, url: URL) => {
    for (const entry of servicesOf(url.hostname)) {
      const response = entry.streaming
        ? await entry.service(streamed(request), url)
        : await entry.service(await whole(request), url);
      if (response !== undefined) return response;
    }
    return undefined;
  };
  const carryOut = async (given: WireRequest | StreamedRequest, url: URL) => {
    const served = await fromServices(given, url);
    if (served !== undefined) return served;
    const request = await whole(given);
    if (cloudOfResourceManager(url.hostname) !== undefined) return arm.answer(request, url);
    return (await entra.answer(request, url)) ?? github.answer(request, url);
  };

  const take = async (
    given: WireRequest | StreamedRequest,
    options?: { readonly inside: true },
  ): Promise<StreamedResponse> => {
    const url = new URL(given.url);
    const started = performance.now();
    const at = clock.now();
    const [received, sent] = [createMeter(), createMeter()];
    const keep = isText(given.headers["content-type"]) ? BODY_BYTES : 0;
    const request = isStreamed(given) ? { ...given, body: countIncoming(given.body, received, keep) } : given;
    if (!isStreamed(given)) received.bytes = Buffer.byteLength(given.body ?? "");
    let refused: string | undefined;
    let struck: readonly string[] = [];
    let status = 0;
    try {
      const { response, faults: names } = await faults.around(request, url, async (each) => {
        const answered = await carryOut(each, url);
        if (answered !== undefined && !("refused" in answered)) return answered;
        refused = answered?.refused ?? `The emulator does not know ${given.method} ${url.host}${url.pathname}`;
        return answered?.response ?? jsonResponse(501, { error: { code: "NotEmulated", message: refused } });
      });
      struck = names;
      status = response.status;
      const skew = cloudOfResourceManager(url.hostname) === undefined ? 0 : arm.settings.dateSkewSeconds * 1000;
      const headers = { date: new Date(clock.time() + skew).toUTCString(), ...response.headers };
      if (isStream(response.body)) return { status, headers, body: countOutgoing(response.body, sent) };
      sent.bytes = Buffer.byteLength(response.body);
      return { status, headers, body: response.body };
    } finally {
      if (options?.inside !== true) clock.answered();
      traffic.record({
        at,
        method: given.method,
        url: given.url,
        host: url.hostname,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: redactHeaders(given),
        body: redactBody(isStreamed(given) ? Buffer.concat(received.beginning) : (given.body ?? "")),
        get requestBytes() {
          return received.bytes;
        },
        get responseBytes() {
          return sent.bytes;
        },
        status,
        milliseconds: performance.now() - started,
        ...(refused === undefined ? {} : { refused }),
        ...(struck.length === 0 ? {} : { faults: struck }),
      });
    }
  };

  const inside = (request: StreamedRequest) => take(request, { inside: true });
  const azure: Azure = {
    clock,
    faults,
    traffic,
    github,
    githubApi,
    entra,
    arm,
    acr,
    aks,
    vaults,
    storageAccounts,
    blobs,
    tasks: createTasks({
      arm,
      blobs,
      builder: scriptedBuilder(inside),
      logins: registryLogins({ entra, ask: inside, agentLogin: (host) => acr.find(host)?.credentials() }),
    }),
    serve: (host, service, options?: { readonly streaming: true }) => {
      const entry =
        options?.streaming === true
          ? { host, streaming: true as const, service: service as StreamingService }
          : { host, streaming: false as const, service: service as Service };
      services.unshift(entry);
    },
    answersFor: (host) =>
      cloudOfResourceManager(host) !== undefined ||
      cloudOfAuthority(host) !== undefined ||
      HOSTS.some((pattern) => pattern.test(host)) ||
      servicesOf(host).length > 0,
    answer: async (request) => wholeResponse(await take(request)),
    streams: (host) => servicesOf(host).some(({ streaming }) => streaming),
    stream: take,
    httpClient: () => createHttpClient(azure),
  };
  const ofAccounts: StreamingService = async (request, url) => {
    arm.settle();
    return blobs.answer(request, url);
  };
  azure.serve(ISSUER_HOST, async (_, url) => aks.answer(url));
  azure.serve(VAULT_HOST, vaults.answer);
  azure.serve(/\.blob\.core\.windows\.net$/, ofAccounts, { streaming: true });
  for (const host of [/\.azurecr\.io$/, BLOB_LINK_HOST]) azure.serve(host, acr.answer, { streaming: true });
  azure.serve(GITHUB_API_HOST, githubApi.answer);
  return azure;
}

function isStreamed(request: WireRequest | StreamedRequest): request is StreamedRequest {
  return isStream(request.body);
}

function streamed(request: WireRequest | StreamedRequest): StreamedRequest {
  return isStreamed(request) ? request : streamedRequest(request);
}

async function whole(request: WireRequest | StreamedRequest): Promise<WireRequest> {
  return isStreamed(request) ? wholeRequest(request) : request;
}
