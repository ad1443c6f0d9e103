import type { AzLogin } from "../../../src/actions/azure-login/az.ts";
import { spec } from "../../../src/actions/azure-login/spec.ts";
import type { LoginWorld, SignIn } from "../../../src/actions/azure-login/world.ts";
import { chooseCloud } from "../../../src/azure/cloud.ts";
import type { Subscription } from "../../../src/azure/subscriptions.ts";
import type { InputsOf } from "../../../src/kit/define-action.ts";
import { readInputs } from "../../../src/kit/read-inputs.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { parseIdToken } from "../../../src/oidc/claims.ts";
import { explainAnswer, parseEntraAnswer } from "../../../src/oidc/refusal.ts";

export const TENANT = "11111111-1111-1111-1111-111111111111";
export const CLIENT = "22222222-2222-2222-2222-222222222222";
export const SUBSCRIPTION = "33333333-3333-3333-3333-333333333333";
export const OTHER = "44444444-4444-4444-4444-444444444444";
export const SUBJECT = "repo:octo@1/app@2:environment:preview";

/** The action's inputs as a workflow would give them. */
export function makeInputs(given: Readonly<Record<string, string>> = {}): InputsOf<typeof spec> {
  const all = { "client-id": CLIENT, "tenant-id": TENANT, "subscription-id": SUBSCRIPTION, ...given };
  const environment = Object.fromEntries(
    Object.entries(all).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text]),
  );
  return readInputs(spec, environment, () => {});
}

export function makeIdToken(change: Readonly<Record<string, unknown>> = {}): string {
  const claims = {
    iss: "https://token.actions.githubusercontent.com",
    sub: SUBJECT,
    aud: "api://AzureADTokenExchange",
    iat: 1_795_255_200,
    exp: 1_795_255_500,
    event_name: "push",
    ref: "refs/heads/main",
    ...change,
  };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}

const ours: Subscription = { id: SUBSCRIPTION, name: "Sandbox", tenantId: TENANT, state: "Enabled" };

export interface FakeFacts {
  readonly idToken?: string | UserError;
  /** The AADSTS number that Entra refuses with. */
  readonly refusedWith?: number;
  readonly subscriptions?: readonly Subscription[];
  readonly az?: "missing" | "failing";
  readonly environment?: Readonly<Record<string, string>>;
  readonly cloud?: Parameters<typeof chooseCloud>[0];
  readonly cancelled?: boolean;
}

/** A far side in memory, with everything that it was told. */
export function createFakeWorld(facts: FakeFacts = {}) {
  const exported: Record<string, string> = {};
  const printed: string[] = [];
  const warnings: string[] = [];
  const summaries: string[] = [];
  const asked: string[] = [];
  const azLogins: AzLogin[] = [];
  const idToken = facts.idToken ?? makeIdToken();
  const subscriptions = facts.subscriptions ?? [ours];
  const cancelled = new AbortController();
  if (facts.cancelled) cancelled.abort();
  const noEndpoints = { authorityHost: undefined, resourceManager: undefined, audience: undefined };
  const world: LoginWorld = {
    log: {
      info: (line) => printed.push(line),
      warning: (message) => warnings.push(message),
      group: (title, work) => {
        printed.push(`[${title}]`);
        return work();
      },
    },
    environment: facts.environment ?? {},
    cancelled: cancelled.signal,
    cloud: chooseCloud(facts.cloud ?? { cloud: "public", ...noEndpoints }),
    idToken: async () => {
      if (typeof idToken !== "string") throw idToken;
      return idToken;
    },
    signIn: async () => {
      asked.push("entra");
      return facts.refusedWith === undefined ? grant() : refuse(facts.refusedWith, String(idToken));
    },
    listSubscriptions: async () => {
      asked.push("list");
      return subscriptions;
    },
    findSubscription: async (id) => {
      asked.push("find");
      const subscription = subscriptions.find((one) => one.id === id);
      if (subscription !== undefined) return { kind: "found", subscription };
      return { kind: "hidden", because: "404 SubscriptionNotFound: not there", visible: subscriptions };
    },
    loginAz: async (login) => {
      azLogins.push(login);
      if (facts.az === "missing") return undefined;
      if (facts.az === "failing") return { kind: "failed", step: "az login", said: "ERROR: AADSTS50034" };
      return { kind: "in", configFolder: "/temp/mayfly-az-x" };
    },
    exportVariable: (name, value) => {
      exported[name] = value;
    },
    summarize: async (markdown) => {
      summaries.push(markdown);
    },
  };
  return { world, exported, printed, warnings, summaries, asked, azLogins };
}

function grant(): SignIn {
  const identity = { kind: "managed-identity", objectId: "oid-1", tenantId: TENANT, resourceId: "/x/id" } as const;
  return { kind: "granted", identity, expiresOn: new Date("2026-11-22T10:00:00.123Z"), requestId: "request-1" };
}

function refuse(aadsts: number, idToken: string): SignIn {
  const body = { error: "invalid_client", error_codes: [aadsts], trace_id: "trace-1", correlation_id: "correlation-1" };
  const answer = parseEntraAnswer(401, JSON.stringify(body), () => undefined);
  const attempt = {
    tenantId: TENANT,
    clientId: CLIENT,
    cloud: "public",
    usualAudience: "api://AzureADTokenExchange",
    claims: parseIdToken(idToken),
  };
  const refusal = { attempt, answer, meaning: explainAnswer(answer), receivedAt: new Date("2026-11-21T10:00:00Z") };
  return { kind: "refused", refusal, error: new UserError(refusal.meaning.code, "Entra refused the login") };
}
