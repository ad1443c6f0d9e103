import { jsonResponse, type WireResponse } from "../wire.ts";

/** An error answer of ARM: `{"error": {code, message, details?}}`. */
export class ArmFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly unknown[] | undefined;
  readonly headers: WireResponse["headers"];
  constructor(
    status: number,
    code: string,
    message: string,
    extra: { readonly details?: readonly unknown[]; readonly headers?: WireResponse["headers"] } = {},
  ) {
    super(message);
    this.name = "ArmFailure";
    this.status = status;
    this.code = code;
    this.details = extra.details;
    this.headers = extra.headers ?? {};
  }
}

export function failureResponse({ status, code, message, details, headers }: ArmFailure): WireResponse {
  return jsonResponse(status, { error: { code, message, ...(details === undefined ? {} : { details }) } }, headers);
}

export function groupNotFound(name: string): ArmFailure {
  return new ArmFailure(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
}

export function resourceNotFound(type: string, name: string, group: string | undefined): ArmFailure {
  const place = group === undefined ? "" : ` under resource group '${group}'`;
  return new ArmFailure(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}'${place} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function groupBeingDeleted(name: string): ArmFailure {
  return new ArmFailure(
    409,
    "ResourceGroupBeingDeleted",
    `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
  );
}
