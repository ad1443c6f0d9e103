import { renderTfvarsJson } from "../../terraform/tfvars.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { EXPIRY, MARK } from "../../ttl/tags.ts";
import { pathIn } from "./root-module.ts";
import type { Session } from "./session.ts";

/**
 * The files of variables for a plan. First what Mayfly hands to the configuration, as far as it declares such
 * variables, then the user's files, then the user's own values, which win.
 */
export async function writeVariables(session: Session, expiresAt: Date | undefined): Promise<readonly string[]> {
  const { request, module, world } = session;
  const declared = new Set(module.configuration.variables.map(({ name }) => name));
  const handed = Object.entries(listHandedOver(session, expiresAt)).filter(([name]) => declared.has(name));
  const own =
    handed.length === 0
      ? []
      : [await world.files.writeSecret("mayfly.tfvars.json", renderTfvarsJson(Object.fromEntries(handed)))];
  const given =
    Object.keys(request.variables).length === 0
      ? []
      : [await world.files.writeSecret("variables.tfvars.json", renderTfvarsJson(request.variables))];
  return [...own, ...request.varFiles.map((file) => pathIn(module.folder, file)), ...given];
}

/** What a configuration may declare, to know which environment it is and when that ends. */
function listHandedOver(session: Session, expiresAt: Date | undefined): Readonly<Record<string, unknown>> {
  const { request, job, place } = session;
  const facts = {
    environment: request.environment,
    repository: job.repository || undefined,
    repository_id: job.repositoryId || undefined,
    head_sha: job.headSha || undefined,
    state_key: place.azure?.blob,
    expires_at: expiresAt === undefined ? undefined : renderExpiry(expiresAt),
  };
  const tags = {
    ...request.tags,
    ...(expiresAt === undefined ? {} : { [MARK]: "true", [EXPIRY]: renderExpiry(expiresAt) }),
    ...(facts.environment === undefined ? {} : { "mayfly-environment": facts.environment }),
    ...(facts.repository === undefined ? {} : { "mayfly-repository": facts.repository }),
    ...(facts.repository_id === undefined ? {} : { "mayfly-repository-id": facts.repository_id }),
    ...(facts.head_sha === undefined ? {} : { "mayfly-head-sha": facts.head_sha }),
    ...(facts.state_key === undefined ? {} : { "mayfly-state-key": facts.state_key }),
    ...(job.actor === "" ? {} : { owner: request.tags["owner"] ?? job.actor }),
  };
  return Object.fromEntries(Object.entries({ ...facts, tags }).filter(([, value]) => value !== undefined));
}
