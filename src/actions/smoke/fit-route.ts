import { UserError } from "../../kit/user-error.ts";
import type { Place } from "../../smoke/parse-place.ts";
import type { PlaceRequest } from "./place-request.ts";
import type { SmokeWorld } from "./world.ts";

/** They mean the API server, or the connection to it. */
const DROPPED = /^(?:authorization|host|impersonate-.*|connection|upgrade|transfer-encoding|content-length|expect|te)$/;

/** What the API server's proxy does to a request or to its answer, and a check minds; undefined when it is nothing. */
export function whatProxyLacks(request: PlaceRequest): string | undefined {
  const names = Object.keys(request.headers).map((name) => name.toLowerCase());
  const dropped = names.find((name) => DROPPED.test(name));
  if (dropped !== undefined) return `does not pass on ${dropped}`;
  if (request.followRedirects) return "follows no redirects";
  if (request.needsCertificate) return "shows no certificate";
  return undefined;
}

/**
 * Sees that a route can do what is asked of it.
 *
 * @throws UserError `smoke-route-unfit`
 */
export function requireFit(request: PlaceRequest, place: Place, world: Pick<SmokeWorld, "redact">): void {
  const { route, url } = request;
  const lack = whatLacks(request, place, world);
  if (route === undefined || lack === undefined) return;
  throw new UserError(
    "smoke-route-unfit",
    `route: ${route} does not fit what is asked of ${world.redact(url)}: it ${lack}.\nTo do: leave route out, or name another one.`,
  );
}

function whatLacks(request: PlaceRequest, place: Place, world: Pick<SmokeWorld, "redact">): string | undefined {
  const { route } = request;
  if (route === "in-cluster") {
    if (request.needsCertificate) return "shows no certificate";
    return isSecret(request, world) ? "would show a secret on a command line" : undefined;
  }
  if (place.kind === "direct") return route === undefined ? undefined : "leads to Services only (service://…)";
  return route === "proxy" ? whatProxyLacks(request) : undefined;
}

/** What is masked is a secret; and a login is one, masked or not. */
function isSecret({ url, headers, body = "" }: PlaceRequest, { redact }: Pick<SmokeWorld, "redact">): boolean {
  const login = Object.keys(headers).some((name) => /^(?:authorization|cookie)$/i.test(name));
  const all = [url, body, ...Object.values(headers)].join("\n");
  return login || redact(all) !== all;
}
