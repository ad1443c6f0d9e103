import { AcrLoginError } from "../../azure/acr-login-error.ts";
import { explainDenial } from "../../image/denial.ts";
import { parseReference } from "../../image/parse-reference.ts";
import { classifyPushFault, type PushFault } from "../../image/push-fault.ts";
import type { Need, RoleMode } from "../../image/registry-roles.ts";
import type { Repository } from "../../image/repository.ts";
import { UserError } from "../../kit/user-error.ts";
import { RegistryFault } from "../../registry/registry-fault.ts";
import { BuildFault } from "./builder.ts";
import { NoPush } from "./publish.ts";

/** What is known of the registry and of us, for the lines that mend a denial. */
export interface ExplainFacts {
  /** The login server that `registryId` and the others are about. */
  readonly loginServer: string | undefined;
  readonly registryId: string | undefined;
  readonly mode: RoleMode | undefined;
  readonly publicAccess: boolean | undefined;
  /** The object id of our identity; undefined when it cannot be had. */
  principalId(): Promise<string | undefined>;
}

/**
 * What a refusal means and which line mends it, as a `UserError`. Errors that are no refusal come back as they are.
 *
 * @param repository what was being pushed to.
 */
export async function explain(error: unknown, repository: Repository, facts: ExplainFacts): Promise<unknown> {
  if (error instanceof AcrLoginError) {
    const denied = error.code === "registry-denied" || error.code === "registry-firewall";
    return denied ? deny(error.facts.said, repository, "push", facts, error) : error;
  }
  if (error instanceof NoPush) return deny(error.message, repository, "push", facts, error);
  if (error instanceof RegistryFault) {
    const { status, said, code, passing } = error.facts;
    const fault = classifyPushFault(`${code}: ${said}`, { status, freshLogin: status === 401 });
    if (fault.kind === "failed" && passing) return new UserError("registry-busy", `${error.message}\nRun it again.`);
    return explainFault(fault, said, error, repository, facts);
  }
  return error instanceof BuildFault ? explainBuild(error, repository, facts) : error;
}

async function explainBuild(error: BuildFault, repository: Repository, facts: ExplainFacts): Promise<unknown> {
  if (error.kind === "cancelled") return new UserError("cancelled", "The job was cancelled. No tag was moved.");
  if (error.base !== undefined) return explainBase(error, error.base, facts);
  if (error.place !== undefined || error.kind === "failed") {
    return new UserError("build-failed", error.message, { ...error.place, cause: error.cause });
  }
  return explainFault(classifyPushFault(error.message, { freshLogin: true }), error.message, error, repository, facts);
}

/** An image that the build begins with or copies from, and which cannot be had. */
async function explainBase(error: BuildFault, image: string, facts: ExplainFacts): Promise<UserError> {
  const parsed = parseReference(image);
  const of = "value" in parsed ? parsed.value.repository : undefined;
  const fault = classifyPushFault(error.message);
  const denied = error.kind === "denied";
  if ((denied || error.kind === "firewall") && of !== undefined && of.host === facts.loginServer) {
    const { code, message } = await deny(error.message, of, "pull", facts, error);
    return new UserError(code, message, error.place);
  }
  const [because, mend] = /\bnot found\b|manifest unknown|MANIFEST_UNKNOWN/.test(error.message)
    ? ["it is not there", "check its name and tag in the Dockerfile"]
    : denied
      ? ["this job may not read it", `log in to ${of?.host ?? "its registry"} in an earlier step`]
      : [fault.because, fault.mend];
  const text = `The base image ${image} cannot be had: ${because}.\n${error.message}\nTo do: ${mend}, or bring the image into your registry with acr-import.`;
  return new UserError("base-image", text, { ...error.place, cause: error.cause });
}

async function explainFault(
  fault: PushFault,
  said: string,
  error: Error,
  repository: Repository,
  facts: ExplainFacts,
): Promise<UserError> {
  if (fault.kind === "denied" || fault.kind === "firewall") return deny(said, repository, "push", facts, error);
  return new UserError(fault.code, `${error.message}\nThis means that ${fault.because}. To do: ${fault.mend}.`);
}

async function deny(
  said: string,
  repository: Repository,
  need: Need,
  facts: ExplainFacts,
  cause: Error,
): Promise<UserError> {
  const ours = repository.host === facts.loginServer;
  const { code, message } = explainDenial({
    host: repository.host,
    repository: repository.name,
    need,
    said,
    mode: ours ? facts.mode : undefined,
    registryId: ours ? facts.registryId : undefined,
    publicAccess: ours ? facts.publicAccess : undefined,
    principalId: await facts.principalId().catch(() => undefined),
  });
  return new UserError(code, message, cause instanceof UserError ? {} : { cause });
}
