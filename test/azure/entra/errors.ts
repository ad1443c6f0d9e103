import { randomUUID } from "node:crypto";
import { jsonResponse, type WireResponse } from "../wire.ts";

/** A refusal of the token endpoint. `values` fill the `{…}` of the table's text. */
export class EntraRefusal extends Error {
  readonly code: EntraCode;
  constructor(code: EntraCode, values: Readonly<Record<string, string>> = {}) {
    const text = TEXTS[code].text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    super(`AADSTS${code}: ${text}`);
    this.name = "EntraRefusal";
    this.code = code;
  }
}

interface EntraText {
  readonly status: number;
  readonly error: string;
  readonly text: string;
}

const REVIEW =
  "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.";
const MORE = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const NO_MATCH = "No matching federated identity record found for presented assertion";
const CHECK = "Check your federated identity credential Subject, Audience and Issuer against the presented assertion.";

/** Status and text of each code. Not confirmed on the live service: the status of 700211, 700212, 7002138, 7002131, 90002, 500011 and the rows after 90024. */
const TEXTS = {
  70021: refusal(
    400,
    "invalid_request",
    `${NO_MATCH}. Assertion Issuer: '{iss}'. Assertion Subject: '{sub}'. Assertion Audience: '{aud}'.`,
  ),
  700211: refusal(401, "invalid_client", `${NO_MATCH} issuer '{iss}'. ${REVIEW}`),
  700212: refusal(401, "invalid_client", `${NO_MATCH} audience '{aud}'. ${REVIEW}`),
  700213: refusal(401, "invalid_client", `${NO_MATCH} subject '{sub}'. ${CHECK} ${MORE}`),
  7002131: refusal(
    401,
    "invalid_client",
    `${NO_MATCH} subject '{sub}' or no federated identity credential expression matched. Please check your federated identity credential Subject, Expression, Audience and Issuer against the presented assertion. ${MORE}`,
  ),
  7002137: refusal(
    401,
    "invalid_client",
    `${NO_MATCH} subject '{sub}'. Please make sure the federated identity credential Subject is '{expected}'.`,
  ),
  7002138: refusal(
    401,
    "invalid_client",
    `${NO_MATCH} subject '{sub}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${REVIEW} https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024`,
  ),
  700024: refusal(
    401,
    "invalid_client",
    "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {from}, expiry time of assertion {until}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
  ),
  700222: refusal(400, "invalid_request", "AAD-issued tokens may not be used for federated identity flows."),
  501661: refusal(400, "invalid_request", "Request to External OIDC endpoint failed."),
  700016: refusal(
    400,
    "unauthorized_client",
    "Application with identifier '{client}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
  ),
  90002: refusal(
    400,
    "invalid_request",
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
  ),
  900382: refusal(400, "invalid_request", "Confidential Client is not supported in Cross Cloud request."),
  900432: refusal(400, "invalid_request", "Confidential Client is not supported in Cross Cloud request."),
  90038: refusal(
    400,
    "invalid_request",
    "The tenant '{tenant}' belongs to the National Cloud '{cloud}'. The current cloud instance '{here}' does not federate with it.",
  ),
  500011: refusal(
    400,
    "invalid_resource",
    "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
  ),
  70011: refusal(
    400,
    "invalid_scope",
    "The provided value for the input parameter 'scope' is not valid. The scope '{scope}' is not valid.",
  ),
  1002012: refusal(
    400,
    "invalid_scope",
    "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
  ),
  7000215: refusal(
    401,
    "invalid_client",
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'.",
  ),
  7000222: refusal(
    401,
    "invalid_client",
    "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
  ),
  53003: refusal(
    400,
    "invalid_grant",
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  ),
  530032: refusal(400, "invalid_grant", "Access has been blocked by security policy."),
  90055: refusal(
    429,
    "temporarily_unavailable",
    "The server or the resource is too busy. Retry the request after a short time.",
  ),
  90033: refusal(503, "temporarily_unavailable", "A transient error has occurred. Please try again."),
  90006: refusal(503, "temporarily_unavailable", "The service is temporarily unavailable. Please retry later."),
  90024: refusal(
    503,
    "temporarily_unavailable",
    "The request budget has been exceeded. A transient error has occurred. Please try again.",
  ),
  900144: refusal(400, "invalid_request", "The request body must contain the following parameter: '{parameter}'."),
  900561: refusal(400, "invalid_request", "The endpoint only accepts POST requests. Received a {method} request."),
  70003: refusal(400, "unsupported_grant_type", "The app requested an unsupported grant type '{grant}'."),
  7000218: refusal(
    401,
    "invalid_client",
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  50027: refusal(400, "invalid_request", "JWT token is invalid or malformed."),
  50013: refusal(401, "invalid_client", "Assertion failed signature validation. [Reason - The key was not found.]"),
} as const satisfies Readonly<Record<number, EntraText>>;

export type EntraCode = keyof typeof TEXTS;

export function isEntraCode(code: number): code is EntraCode {
  return code in TEXTS;
}

function refusal(status: number, error: string, text: string): EntraText {
  return { status, error, text };
}

/** `older` descriptions break the line before each id, newer ones do not. */
export type DescriptionForm = "newer" | "older";

/** The whole answer. The correlation id is the client's own request id where it sent one. */
export function refusalResponse(
  refused: EntraRefusal,
  now: Date,
  correlationId: string,
  form: DescriptionForm,
): WireResponse {
  const { status, error } = TEXTS[refused.code];
  const timestamp = entraTime(now);
  const traceId = randomUUID();
  const ids = [`Trace ID: ${traceId}`, `Correlation ID: ${correlationId}`, `Timestamp: ${timestamp}`];
  return jsonResponse(status, {
    error,
    error_description: [refused.message, ...ids].join(form === "older" ? "\r\n" : " "),
    error_codes: [refused.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${refused.code}`,
  });
}

/** `YYYY-MM-DD HH:MM:SSZ`. */
export function entraTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** The form inside 700024's sentence. */
export function assertionTime(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}.0000000Z`;
}
