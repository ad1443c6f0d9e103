import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import { chooseCloud } from "../../src/azure/cloud.ts";
import type { CredentialOptions } from "../../src/azure/credential.ts";

export const TENANT = "11111111-1111-1111-1111-111111111111";
export const CLIENT = "22222222-2222-2222-2222-222222222222";
export const NOW = new Date("2026-11-21T10:00:00Z");

/** A JWT with these claims; nobody here looks at the signature. */
export function makeJwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

export function makeIdToken(claims: Readonly<Record<string, unknown>> = {}): string {
  const iat = NOW.getTime() / 1000;
  return makeJwt({
    iss: "https://token.actions.githubusercontent.com",
    sub: "repo:octo@1/app@2:environment:preview",
    aud: "api://AzureADTokenExchange",
    iat,
    nbf: iat - 600,
    exp: iat + 300,
    repository: "octo/app",
    repository_id: "2",
    repository_owner: "octo",
    repository_owner_id: "1",
    environment: "preview",
    event_name: "pull_request",
    ref: "refs/pull/7/merge",
    ...claims,
  });
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A connection fault instead of an answer. */
  readonly fault?: string;
}

/** An HTTP far side that answers in order (the last answer again and again) and records what it was asked. */
export function createFarSide(answers: readonly Answer[]) {
  const requests: { readonly url: string; readonly method: string; readonly body: URLSearchParams }[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({
        url: request.url,
        method: request.method,
        body: new URLSearchParams(String(request.body ?? "")),
      });
      if (answer === undefined) throw new Error("the far side has no answer");
      if (answer.fault !== undefined) throw new RestError(`connect ${answer.fault}`, { code: answer.fault, request });
      const bodyAsText = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {});
      return { request, status: answer.status, headers: createHttpHeaders(answer.headers), bodyAsText };
    },
  };
  return { httpClient, requests };
}

export const granted = (token = "access-token", expiresIn = 3599): Answer => ({
  status: 200,
  body: { token_type: "Bearer", expires_in: expiresIn, access_token: token },
});

/** A refusal as Entra words it (reference: oidc-login 2.3). */
export const refused = (aadsts: number, words: string, status = 401, error = "invalid_client"): Answer => ({
  status,
  headers: { date: NOW.toUTCString() },
  body: {
    error,
    error_description: `AADSTS${aadsts}: ${words} Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-11-21 10:00:00Z`,
    error_codes: [aadsts],
    timestamp: "2026-11-21 10:00:00Z",
    trace_id: "t-1",
    correlation_id: "c-1",
  },
});

/** A world whose clock moves only when somebody sleeps, and that counts ID tokens. */
export function createWorld(answers: readonly Answer[], change: Partial<CredentialOptions> = {}) {
  const farSide = createFarSide(answers);
  const waits: number[] = [];
  const masked: string[] = [];
  const presented: string[] = [];
  let time = NOW.getTime();
  const options: CredentialOptions = {
    cloud: chooseCloud({ cloud: "public", authorityHost: undefined, resourceManager: undefined, audience: undefined }),
    tenantId: TENANT,
    clientId: CLIENT,
    httpClient: farSide.httpClient,
    idToken: async (audience) => {
      const token = makeIdToken({ aud: audience, jti: String(presented.length) });
      presented.push(token);
      return token;
    },
    mask: (secret) => masked.push(secret),
    now: () => new Date(time),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
    },
    random: () => 0.5,
    ...change,
  };
  const advance = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { ...farSide, options, waits, masked, presented, advance };
}
