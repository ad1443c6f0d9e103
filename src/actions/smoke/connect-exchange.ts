import { connectArmConnection } from "../../azure/arm-connection.ts";
import { type CloudInputs, chooseCloud } from "../../azure/cloud.ts";
import { connectCredential } from "../../azure/credential.ts";
import { EntraError } from "../../azure/entra-error.ts";
import { exchange } from "../../azure/exchange.ts";
import { listFederatedSubjects } from "../../azure/federated-credentials.ts";
import { oncePer } from "../../kit/once.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { decodePayload } from "../../oidc/claims.ts";
import { explainWorkload, type KnownCredentials, type WorkloadClaims } from "../../oidc/explain-workload.ts";
import { connectIdToken } from "../github-id-token.ts";
import type { SmokeWorld } from "./world.ts";

export interface ExchangeInputs extends CloudInputs {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly subscriptionId: string | undefined;
}

export interface ExchangeOptions {
  /** Only tests give one. */
  readonly httpClient?: NonNullable<Parameters<typeof exchange>[0]["httpClient"]>;
}

type ExchangeRunner = Pick<
  Runner,
  "environment" | "cancelled" | "idToken" | "mask" | "now" | "monotonic" | "sleep" | "log"
>;

/**
 * Trades tokens of service accounts at Entra, each once: who waits asks again with a newer one. What Entra gives is
 * masked and forgotten. Where it says no, the credentials of the identity are read as far as the job may, to name what
 * differs.
 */
export function connectExchange(
  runner: ExchangeRunner,
  inputs: ExchangeInputs,
  only: ExchangeOptions = {},
): SmokeWorld["exchange"] {
  const readKnown = oncePer((clientId: string) => listKnown(runner, inputs, only, clientId));
  return async ({ token, clientId, tenantId = inputs.tenantId, scope, until }) => {
    const cloud = chooseCloud(inputs);
    const claims = readClaims(token);
    if (tenantId === undefined) throw sayNoTenant();
    const attempt = { tenantId, clientId, cloud: cloud.name, usualAudience: cloud.usualAudience, claims: undefined };
    const options = {
      cloud,
      attempt,
      idToken: token,
      scope,
      getOptions: { abortSignal: until },
      now: runner.now,
      ...only,
    };
    try {
      const outcome = await exchange(options);
      if (outcome.kind === "again") throw outcome.because;
      runner.mask(outcome.value.token.token);
    } catch (error) {
      if (!(error instanceof EntraError)) throw error;
      const { meaning, answer } = error.refusal;
      const known = await readKnown(clientId);
      const text = explainWorkload({ meaning, answer, clientId, claims, known });
      throw new UserError(error.code, text, { cause: error });
    }
  };
}

/** What a job without a login in Azure cannot see is no reason to fail. */
async function listKnown(
  runner: ExchangeRunner,
  inputs: ExchangeInputs,
  only: ExchangeOptions,
  identity: string,
): Promise<KnownCredentials> {
  const { clientId, tenantId, subscriptionId } = inputs;
  if (clientId === undefined || tenantId === undefined) return { because: "the job has no login in Azure" };
  if (subscriptionId === undefined) return { because: "no subscription is known" };
  const cloud = chooseCloud(inputs);
  const world = { ...runner, ...only, random: Math.random, debug: runner.log.debug };
  const credential = connectCredential({ ...world, cloud, clientId, tenantId, idToken: connectIdToken(world) });
  const time = { ...world, left: () => LONGEST_MS };
  try {
    const found = await listFederatedSubjects(connectArmConnection({ ...world, cloud, credential, time }), {
      identity,
      subscriptionId,
    });
    if (found.kind === "unknown") return { because: found.because };
    return { identityId: found.identityId, credentials: found.subjects };
  } catch (error) {
    return { because: error instanceof UserError ? error.message.split("\n", 1).join("") : "ARM did not say" };
  }
}

const LONGEST_MS = 30_000;

function readClaims(token: string): WorkloadClaims {
  const { iss, sub, aud } = decodePayload(token) ?? {};
  const [audience] = Array.isArray(aud) ? aud : [aud];
  return { issuer: String(iss ?? ""), subject: String(sub ?? ""), audience: String(audience ?? "") };
}

function sayNoTenant(): UserError {
  return new UserError(
    "smoke-tenant-missing",
    'workloadIdentity: expected a tenant. Give the check "tenantId", annotate the service account with azure.workload.identity/tenant-id, or run azure-login in an earlier step of this job.',
  );
}
