import { validateHeaderName, validateHeaderValue } from "node:http";
import { UserError } from "../../kit/user-error.ts";
import type { Route } from "../../smoke/spec/place.ts";
import type { HttpAnswer } from "./world.ts";

/** What a place is asked over HTTP. */
export interface PlaceRequest {
  readonly url: string;
  readonly route: Route | undefined;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly followRedirects: boolean;
  readonly timeoutMs: number;
  /** The certificate of TLS is looked at. */
  readonly needsCertificate: boolean;
}

/** An answer, and which way it came. */
export interface Reached {
  readonly answer: HttpAnswer;
  /** `by the API server's proxy`; empty for the direct way. */
  readonly told: string;
}

/**
 * Sees that headers can be sent, all at once.
 *
 * @throws UserError `smoke-request-invalid`
 */
export function checkRequest({ url, headers }: PlaceRequest): void {
  const problems = Object.entries(headers).flatMap(([name, value]) => {
    if (isRefused(() => validateHeaderName(name))) return [`${JSON.stringify(name)} is no name of a header`];
    if (isRefused(() => validateHeaderValue(name, value)))
      return [`${JSON.stringify(name)} has a value that no header can have`];
    return [];
  });
  if (problems.length === 0) return;
  throw new UserError(
    "smoke-request-invalid",
    `${url} cannot be asked like this: in requestHeaders ${problems.join(", ")}.\nTo do: correct requestHeaders, or the bindings in it (a value has one line).`,
  );
}

function isRefused(validate: () => void): boolean {
  try {
    validate();
    return false;
  } catch {
    return true;
  }
}
