/** The claims of a GitHub ID token that decide about a login, and those that explain them. */
export interface IdTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Unix seconds. GitHub sets `nbf` 600 s before and `exp` 300 s after `iat`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly repository: string | undefined;
  readonly repositoryId: string | undefined;
  readonly repositoryOwner: string | undefined;
  readonly repositoryOwnerId: string | undefined;
  /** As the token spells it; only jobs with `environment:` have one. */
  readonly environment: string | undefined;
  readonly eventName: string | undefined;
  readonly ref: string | undefined;
  /** The called workflow of a reusable one, else the same as `workflowRef`. */
  readonly jobWorkflowRef: string | undefined;
  readonly workflowRef: string | undefined;
}

/** The payload of a JWT, unverified; undefined when the text is none. */
export function decodePayload(jwt: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = jwt.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The claims of an ID token, unverified: Entra verifies it, we only explain it. Undefined for a text that is no such
 * token, as an intercepting proxy answers.
 */
export function parseIdToken(jwt: string): IdTokenClaims | undefined {
  const payload = decodePayload(jwt);
  if (payload === undefined) return undefined;
  const read = (name: string): string | undefined => {
    const value = payload[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const issuer = read("iss");
  const subject = read("sub");
  const audience = read("aud");
  if (issuer === undefined || subject === undefined || audience === undefined) return undefined;
  return {
    issuer,
    subject,
    audience,
    issuedAt: Number(payload["iat"]),
    expiresAt: Number(payload["exp"]),
    repository: read("repository"),
    repositoryId: read("repository_id"),
    repositoryOwner: read("repository_owner"),
    repositoryOwnerId: read("repository_owner_id"),
    environment: read("environment"),
    eventName: read("event_name"),
    ref: read("ref"),
    jobWorkflowRef: read("job_workflow_ref"),
    workflowRef: read("workflow_ref"),
  };
}
