import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import type { RetryWorld } from "../kit/retry.ts";
import { findApi } from "./api-host.ts";
import { type AskOptions, ask, faultOf, ONCE, type Question } from "./ask.ts";
import { createAuthorizer } from "./authorizer.ts";
import type { RegistryCredentials } from "./credentials.ts";
import { createTransport } from "./transport.ts";

export interface SessionOptions {
  /** As in an image's name: `mayfly.azurecr.io`, `ghcr.io`, `docker.io`, `localhost:5000`. */
  readonly host: string;
  readonly credentials: RegistryCredentials;
  readonly time: Pick<RetryWorld, "now" | "sleep" | "random">;
  /** Aborts when the job is cancelled. */
  readonly cancelled: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Registers a token with the runner, before anything could print it. */
  mask(secret: string): void;
  /** Only tests give one. */
  readonly httpClient?: HttpClient | undefined;
}

export interface RegistryRequest extends Omit<Question, "url" | "authorization" | "policy" | "wanted" | "granted"> {
  /** A path of the API, or an address that the registry gave. */
  readonly to: string | URL;
  /** What the token must allow: see `repositoryScope`. */
  readonly scopes: readonly string[];
  /** Sent one time only, whatever comes back: a body that is a stream, a delete on a look that must not grow old. */
  readonly once?: boolean;
}

/** One registry with one identity: every request to it shows a token that is still good, and is repeated where that may help. */
export interface RegistrySession {
  readonly host: string;
  readonly api: URL;
  readonly time: SessionOptions["time"];
  readonly cancelled: AbortSignal;
  /**
   * An answer below 400, or one that the request accepts. A 401 gets one fresh token.
   *
   * @throws RegistryFault for any other answer, or none
   * @throws UserError `cancelled`
   */
  send(request: RegistryRequest): Promise<PipelineResponse>;
  /** What the registry grants of these scopes; undefined where its token does not say. @throws RegistryFault */
  listGrants(scopes: readonly string[]): Promise<readonly string[] | undefined>;
}

interface Asked {
  readonly question: Question;
  readonly response: PipelineResponse;
}

/** A session with one registry. Nothing is loaded or asked yet. */
export function connectSession(options: SessionOptions): RegistrySession {
  const api = findApi(options.host);
  const world: AskOptions = {
    ...options.time,
    host: options.host,
    cancelled: options.cancelled,
    transport: createTransport({ ...options, api }),
  };
  const { credentials, mask } = options;
  const authorizer = createAuthorizer({ ...world, api, credentials, mask });

  const sendAs = async (request: RegistryRequest, scopes: readonly string[]): Promise<Asked> => {
    const url = new URL(request.to, api);
    const { header, granted } = await authorizer.authorize(scopes);
    const question: Question = {
      ...request,
      url,
      // An upload's address may be on another host: it is the address itself that lets us in there.
      authorization: url.origin === api.origin ? header : undefined,
      accept: [...(request.accept ?? []), 401],
      policy: request.once === true ? ONCE : undefined,
      wanted: scopes,
      granted,
    };
    return { question, response: await ask(world, question) };
  };

  return {
    host: options.host,
    api,
    time: options.time,
    cancelled: options.cancelled,
    send: async (request) => {
      let { scopes } = request;
      for (let renewed = false; ; renewed = true) {
        const { question, response } = await sendAs(request, scopes);
        if (response.status !== 401) return response;
        const challenge = response.headers.get("www-authenticate");
        const next = renewed ? undefined : authorizer.refused(challenge, scopes);
        if (next === undefined || request.once === true) throw faultOf(world, question, response);
        scopes = next;
      }
    },
    listGrants: async (scopes) => (await authorizer.authorize(scopes)).granted,
  };
}
