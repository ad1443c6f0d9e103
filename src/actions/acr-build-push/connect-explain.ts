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
  if (error.place !== undefined || error.kind === "failed") {
    return new UserError("build-failed", error.message, { ...error.place, cause: error.cause });
  }
  const fault = classifyPushFault(error.message, { freshLogin: true });
  const base = findBaseImage(error.message);
  if (base === undefined) return explainFault(fault, error.message, error, repository, facts);
  if (fault.kind === "denied" && base.host === facts.loginServer)
    return deny(error.message, base, "pull", facts, error);
  const text = `A base image cannot be had from ${base.host}: ${fault.because}.\n${error.message}\nTo do: log in to ${base.host} in an earlier step, or bring the image into your registry with acr-import.`;
  return new UserError("base-image", text);
}

/** BuildKit's and docker's words when a FROM cannot be had. */
function findBaseImage(said: string): Repository | undefined {
  const [, text] =
    /(?:source metadata for|pull access denied for|load metadata for) "?([^\s",]+?)"?[:,]?(?:\s|$)/.exec(said) ?? [];
  const parsed = text === undefined ? undefined : parseReference(text);
  return parsed !== undefined && "value" in parsed ? parsed.value.repository : undefined;
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
