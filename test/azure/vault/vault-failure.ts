import { jsonResponse, type WireResponse } from "../wire.ts";

/** An error answer of a vault: the reason that clients look at is the inner code. */
export function vaultRefusal(status: number, code: string, message: string, inner?: string): WireResponse {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  return jsonResponse(status, { error: { code, message, ...innererror } });
}
