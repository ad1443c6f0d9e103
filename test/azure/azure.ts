import type { HttpClient } from "@azure/core-rest-pipeline";
import { type Arm, createArm } from "./arm/arm.ts";
import { type Clock, createClock } from "./clock.ts";
import { cloudOfAuthority, cloudOfResourceManager } from "./clouds.ts";
import { createEntra, type Entra } from "./entra/entra.ts";
import { createFaultPlan, type FaultPlan } from "./faults.ts";
import { createGithubIssuer, type GithubIssuer } from "./github/issuer.ts";
import { createHttpClient } from "./http-client.ts";
import { createTraffic, redact, type Traffic } from "./traffic.ts";
import { asObject, type Json, jsonResponse, type WireRequest, type WireResponse } from "./wire.ts";

export interface AzureOptions {
  /** What the clock shows at first; real time where left out. */
  readonly now?: Date;
  /** Stops the clock from the start. */
  readonly frozen?: boolean;
  /** How many requests the record keeps before it lets the oldest half go. */
  readonly keepRequests?: number;
  readonly arm?: Partial<Arm["settings"]>;
}

/** A service of another part that answers for a host: a registry, blobs, GitHub's API. */
export type Service = (request: WireRequest, url: URL) => Promise<WireResponse | undefined>;

/** GitHub's OIDC issuer, Entra and ARM in memory, without a socket. */
export interface Azure {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly traffic: Traffic;
  readonly github: GithubIssuer;
  readonly entra: Entra;
  readonly arm: Arm;
  /** Lets another part answer for hosts. Later services go first, so that one can be replaced. */
  serve(host: string | RegExp, service: Service): void;
  /** Whether the name is one of those that the emulator answers for at all. */
  answersFor(host: string): boolean;
  /** The whole of it as one function. Rejects with ConnectionReset where a fault breaks the connection. */
  answer(request: WireRequest): Promise<WireResponse>;
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
  if (options.frozen === true) clock.freeze();
  const faults = createFaultPlan(clock);
  const traffic = createTraffic(options.keepRequests);
  const github = createGithubIssuer(clock);
  const services: { readonly host: string | RegExp; readonly service: Service }[] = [];
  const fetchJson = async (address: string): Promise<Json | undefined> => {
    const request = { method: "GET", url: address, headers: {} };
    const url = URL.parse(address);
    const response = url === null ? undefined : ((await fromServices(request, url)) ?? github.answer(request, url));
    return response?.status === 200 ? asObject(JSON.parse(response.body.toString())) : undefined;
  };
  const entra = createEntra(clock, fetchJson);
  const arm = createArm(clock, entra);
  Object.assign(arm.settings, options.arm);

  const fromServices = async (request: WireRequest, url: URL) => {
    for (const { host, service } of services) {
      if (typeof host === "string" ? host !== url.hostname : !host.test(url.hostname)) continue;
      const response = await service(request, url);
      if (response !== undefined) return response;
    }
    return undefined;
  };
  const carryOut = async (request: WireRequest, url: URL) => {
    const served = await fromServices(request, url);
    if (served !== undefined) return served;
    if (cloudOfResourceManager(url.hostname) !== undefined) return arm.answer(request, url);
    return (await entra.answer(request, url)) ?? github.answer(request, url);
  };

  const azure: Azure = {
    clock,
    faults,
    traffic,
    github,
    entra,
    arm,
    serve: (host, service) => {
      services.unshift({ host, service });
    },
    answersFor: (host) =>
      cloudOfResourceManager(host) !== undefined ||
      cloudOfAuthority(host) !== undefined ||
      HOSTS.some((pattern) => pattern.test(host)) ||
      services.some((entry) => (typeof entry.host === "string" ? entry.host === host : entry.host.test(host))),
    answer: async (request) => {
      const url = new URL(request.url);
      const started = performance.now();
      const at = clock.now();
      let refused: string | undefined;
      let struck: readonly string[] = [];
      let status = 0;
      try {
        const { response, faults: names } = await faults.around(request, url, async () => {
          const answered = await carryOut(request, url);
          if (answered !== undefined && !("refused" in answered)) return answered;
          refused = answered?.refused ?? `The emulator does not know ${request.method} ${url.host}${url.pathname}`;
          return answered?.response ?? jsonResponse(501, { error: { code: "NotEmulated", message: refused } });
        });
        struck = names;
        status = response.status;
        const skew = cloudOfResourceManager(url.hostname) === undefined ? 0 : arm.settings.dateSkewSeconds * 1000;
        return { ...response, headers: { date: new Date(clock.time() + skew).toUTCString(), ...response.headers } };
      } finally {
        clock.answered();
        traffic.record({
          at,
          method: request.method,
          url: request.url,
          host: url.hostname,
          path: url.pathname,
          query: Object.fromEntries(url.searchParams),
          ...redact(request),
          status,
          milliseconds: performance.now() - started,
          ...(refused === undefined ? {} : { refused }),
          ...(struck.length === 0 ? {} : { faults: struck }),
        });
      }
    },
    httpClient: () => createHttpClient(azure.answer),
  };
  return azure;
}
