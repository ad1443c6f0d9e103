import { randomUUID } from "node:crypto";
import { jsonResponse, type StreamedResponse, type WireResponse } from "../wire.ts";

/** An error answer of a registry: `{"errors": [{code, message, detail?}]}`. */
export class RegistryFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: unknown;
  readonly headers: WireResponse["headers"];
  constructor(
    status: number,
    code: string,
    message: string,
    extra: { readonly detail?: unknown; readonly headers?: WireResponse["headers"] } = {},
  ) {
    super(message);
    this.name = "RegistryFailure";
    this.status = status;
    this.code = code;
    this.detail = extra.detail;
    this.headers = extra.headers ?? {};
  }
}

export function registryFailureResponse({ status, code, message, detail, headers }: RegistryFailure): WireResponse {
  return jsonResponse(status, { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] }, headers);
}

/** Answers with what a service throws as a failure; anything else is the emulator's own. */
export async function answerFailures(work: () => Promise<StreamedResponse>): Promise<StreamedResponse> {
  try {
    return await work();
  } catch (failure) {
    if (failure instanceof RegistryFailure) return registryFailureResponse(failure);
    throw failure;
  }
}

/** What ACR says of every 401; `detail` names what was asked for. */
export function authenticationRequired(headers: WireResponse["headers"] = {}, detail?: unknown): RegistryFailure {
  const message = `authentication required, visit https://aka.ms/acr/authorization for more information. CorrelationId: ${randomUUID()}`;
  return new RegistryFailure(401, "UNAUTHORIZED", message, { headers, ...(detail === undefined ? {} : { detail }) });
}

export function firewallDenied(address: string): RegistryFailure {
  const message = `client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`;
  return new RegistryFailure(403, "DENIED", message);
}

/** Locked, full, quarantined: ACR says the same of all three. */
export function disallowedOperation(status: number): RegistryFailure {
  const message =
    "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation";
  return new RegistryFailure(status, "REGISTRY_DISALLOWED_OPERATION", message);
}

export function nameUnknown(name: string): RegistryFailure {
  return new RegistryFailure(404, "NAME_UNKNOWN", "repository name not known to registry", { detail: { name } });
}

export function manifestUnknown(name: string, reference: string): RegistryFailure {
  return reference.includes(":")
    ? new RegistryFailure(404, "MANIFEST_UNKNOWN", `manifest ${reference} is not found`, {
        detail: { Name: name, Revision: reference },
      })
    : new RegistryFailure(404, "MANIFEST_UNKNOWN", `manifest tagged by "${reference}" is not found`, {
        detail: { Name: name, Tag: reference },
      });
}

export function unsupported(): RegistryFailure {
  return new RegistryFailure(405, "UNSUPPORTED", "The operation is unsupported.");
}
