import { jsonResponse, type WireResponse } from "../azure/wire.ts";

/** An answer that refuses, as GitHub's REST API writes it. `docs` is the page below docs.github.com/rest. */
export function failure(
  status: number,
  message: string,
  docs = "",
  more: { readonly errors?: readonly unknown[]; readonly headers?: WireResponse["headers"] } = {},
): WireResponse {
  const body = {
    message,
    ...(more.errors === undefined ? {} : { errors: more.errors }),
    documentation_url: docs.startsWith("https:") ? docs : `https://docs.github.com/rest${docs && `/${docs}`}`,
    status: `${status}`,
  };
  return jsonResponse(status, body, more.headers);
}

/** 422 for one field of a comment, or of another resource. */
export function unprocessable(
  message: string,
  docs: string,
  field = "data",
  code = "unprocessable",
  resource = "IssueComment",
): WireResponse {
  const errors = [{ resource, code, field, message }];
  return failure(422, "Validation Failed", docs, { errors });
}

export const PRIMARY_DOCS = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api";
export const SECONDARY_DOCS = `${PRIMARY_DOCS}#about-secondary-rate-limits`;
const SECONDARY =
  "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.";

/** 403 of a secondary limit; without seconds it does not say when to come again. */
export function secondaryLimit(seconds: number | undefined, status = 403): WireResponse {
  const headers = seconds === undefined ? {} : { "retry-after": `${seconds}` };
  return failure(status, SECONDARY, SECONDARY_DOCS, { headers });
}
