import { randomUUID } from "node:crypto";
import type { WireResponse } from "../wire.ts";

/** An error answer of blob storage: XML, and its code again as a header. */
export class BlobFailure extends Error {
  readonly status: number;
  readonly code: string;
  /** `AuthenticationErrorDetail` and its like. */
  readonly details: Readonly<Record<string, string>>;
  readonly headers: WireResponse["headers"];
  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: WireResponse["headers"] = {},
  ) {
    super(message);
    this.name = "BlobFailure";
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

/** The answer to a HEAD has no body: only the header tells the code. */
export function blobFailureResponse({ status, code, message, details, headers }: BlobFailure, now: Date): WireResponse {
  const text = `${message}\nRequestId:${randomUUID()}\nTime:${now.toISOString()}`;
  const elements = Object.entries({ Code: code, Message: text, ...details });
  const body = elements.map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join("");
  return {
    status,
    headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
    body: `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error>${body}</Error>`,
  };
}

export function blobNotFound(): BlobFailure {
  return new BlobFailure(404, "BlobNotFound", "The specified blob does not exist.");
}

export function authenticationFailed(detail: string): BlobFailure {
  const message =
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.";
  return new BlobFailure(403, "AuthenticationFailed", message, { AuthenticationErrorDetail: detail });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
