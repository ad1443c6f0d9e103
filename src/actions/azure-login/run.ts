import type { Subscription } from "../../azure/subscriptions.ts";
import type { InputsOf, OutputsOf, Result, Run } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { type IdTokenClaims, parseIdToken } from "../../oidc/claims.ts";
import { explainUnreadableIdToken } from "../../oidc/id-token-fault.ts";
import type { LoginCode } from "../../oidc/login-codes.ts";
import { listExports } from "./exports.ts";
import { listChapters, renderFailureSummary } from "./failure-report.ts";
import { checkSubject, checkSubscription, warnOfEvent } from "./guards.ts";
import { listLeftovers } from "./leftovers.ts";
import type { spec } from "./spec.ts";
import { chooseSubscription } from "./subscription-choice.ts";
import type { LoginWorld, SignIn } from "./world.ts";

type Inputs = InputsOf<typeof spec>;
type Outputs = OutputsOf<typeof spec>;

/**
 * Logs in, proves it, and only then exports. Every guard is checked before the first export, so a failed login leaves
 * the job as it was.
 */
export const run: Run<typeof spec, LoginWorld> = async (inputs, world) => {
  for (const sentence of listLeftovers(world.environment, inputs.export)) world.log.warning(sentence);
  if (inputs.subscriptionId !== undefined) checkSubscription(inputs.allowedSubscriptions, inputs.subscriptionId);

  const claims = readClaims(await world.idToken());
  logClaims(claims, world);
  const outputs: Outputs = { subject: claims.subject };
  try {
    checkSubject(inputs.expectedSubject, claims);
    const signIn = await world.signIn();
    if (signIn.kind === "refused") return await reportRefusal(signIn, outputs, world);
    const subscription = await chooseSubscription(inputs, signIn.identity, world);
    checkSubscription(inputs.allowedSubscriptions, subscription?.id);
    logLogin(inputs, signIn, subscription, world);
    await feed(inputs, subscription, world);
    return { outputs: { ...outputs, ...renderOutputs(inputs, signIn, subscription) } };
  } catch (error) {
    // The subject is an output on failure too: a workflow may want to print it.
    if (error instanceof UserError) return { outputs, failure: error };
    throw error;
  }
};

function readClaims(idToken: string): IdTokenClaims {
  const claims = parseIdToken(idToken);
  if (claims !== undefined) return claims;
  const { code, message } = explainUnreadableIdToken("GitHub's token service");
  throw new UserError(code, message);
}

function logClaims(claims: IdTokenClaims, world: LoginWorld): void {
  world.log.info(`Issuer        ${claims.issuer}`);
  world.log.info(`Subject       ${claims.subject}`);
  world.log.info(`Audience      ${claims.audience}`);
  const warning = warnOfEvent(claims, world.environment["GITHUB_ACTION_REPOSITORY"] || undefined);
  if (warning !== undefined) world.log.warning(warning);
}

async function reportRefusal(
  { refusal, error }: Extract<SignIn, { kind: "refused" }>,
  outputs: Outputs,
  world: LoginWorld,
): Promise<Result<typeof spec>> {
  for (const { title, lines } of listChapters(refusal)) {
    await world.log.group(title, async () => {
      for (const line of lines) world.log.info(line);
    });
  }
  await world.summarize(renderFailureSummary(refusal));
  const { traceId, correlationId } = refusal.answer;
  return { outputs: { ...outputs, "trace-id": traceId, "correlation-id": correlationId }, failure: error };
}

function logLogin(
  inputs: Inputs,
  { identity, expiresOn, requestId }: Extract<SignIn, { kind: "granted" }>,
  subscription: Subscription | undefined,
  world: LoginWorld,
): void {
  const { info } = world.log;
  info(`Cloud         ${world.cloud.name}`);
  info(`Tenant        ${identity.tenantId ?? inputs.tenantId}`);
  info(
    `Identity      ${identity.kind}, client id ${inputs.clientId}${identity.resourceId ? `, ${identity.resourceId}` : ""}`,
  );
  info(`Subscription  ${subscription === undefined ? "none" : `${subscription.name} (${subscription.id})`}`);
  info(`Token         ends ${renderInstant(expiresOn)}, request ${requestId ?? "unknown"}`);
  if (subscription !== undefined && subscription.state !== "Enabled") {
    world.log.warning(
      `Subscription ${subscription.id} is ${subscription.state}: Azure may refuse to change anything in it.`,
    );
  }
}

/** Hands the identity to the later steps: az first, since it may fail, then the variables. */
async function feed(inputs: Inputs, subscription: Subscription | undefined, world: LoginWorld): Promise<void> {
  const identity = { tenantId: inputs.tenantId, clientId: inputs.clientId, subscriptionId: subscription?.id };
  const azFolder = inputs.export.includes("az") ? await loginAz(identity, world) : undefined;
  if (world.cancelled.aborted)
    throw new UserError("cancelled" satisfies LoginCode, "The job was cancelled; nothing was exported.");
  const { cloud, environment } = world;
  const variables = listExports({ ...identity, cloud, environment, consumers: inputs.export });
  for (const [name, value] of Object.entries(variables)) world.exportVariable(name, value);
  if (azFolder !== undefined) world.exportVariable("AZURE_CONFIG_DIR", azFolder);
  world.log.info(
    `Exported      ${Object.keys(variables).join(", ")}${azFolder === undefined ? "" : ", AZURE_CONFIG_DIR"}`,
  );
}

async function loginAz(
  identity: Omit<Parameters<LoginWorld["loginAz"]>[0], "cloud">,
  world: LoginWorld,
): Promise<string> {
  const outcome = await world.loginAz({ ...identity, cloud: world.cloud });
  if (outcome === undefined) {
    throw new UserError(
      "az-missing" satisfies LoginCode,
      '"export: az" asks for the az CLI to be logged in, and there is no az on PATH.\n' +
        'To do: install it in an earlier step, or take "az" out of "export"; nothing else here needs it.',
    );
  }
  if (outcome.kind === "in") return outcome.configFolder;
  throw new UserError(
    "az-login-failed" satisfies LoginCode,
    `${outcome.step} failed, while the same login without az went well:\n${outcome.said}`,
  );
}

function renderOutputs(
  inputs: Inputs,
  { identity, expiresOn }: Extract<SignIn, { kind: "granted" }>,
  subscription: Subscription | undefined,
): Outputs {
  return {
    "tenant-id": identity.tenantId ?? inputs.tenantId,
    "subscription-id": subscription?.id ?? "",
    "subscription-name": subscription?.name ?? "",
    "identity-kind": identity.kind,
    "expires-on": renderInstant(expiresOn),
  };
}

/** RFC 3339 in UTC, to the second. */
function renderInstant(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
