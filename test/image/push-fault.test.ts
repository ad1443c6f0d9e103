import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { classifyPushFault, type PushFaultKind } from "../../src/image/push-fault.ts";

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const R = "https://mayfly.azurecr.io";

/** What docker, buildx and registries say, word for word from reports and from their sources. */
const SAID: readonly (readonly [string, PushFaultKind])[] = [
  [
    `failed to push mayfly.azurecr.io/app: unexpected status from PUT request to ${R}/v2/app/blobs/uploads/1: 503 Service Unavailable`,
    "transient",
  ],
  [
    `failed to push: unexpected status from PATCH request to ${R}/v2/app/blobs/uploads/x: 504 Gateway Timeout`,
    "transient",
  ],
  ["received unexpected HTTP status: 502 Bad Gateway", "transient"],
  [
    "error parsing HTTP 502 response body: invalid character '<' looking for beginning of value: \"<!DOCTYPE html>\"",
    "transient",
  ],
  [
    "failed to parse error response 503: <!DOCTYPE html><html><head><title>403 in a page of a proxy</title>",
    "transient",
  ],
  ["toomanyrequests: too many requests to registry. CorrelationId: x", "transient"],
  [
    "failed to copy: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit",
    "transient",
  ],
  ['failed to do request: Put "https://x/v2/": write tcp 10.0.0.1:1->2: write: connection reset by peer', "transient"],
  ['failed to do request: Head "https://x/v2/": dial tcp: lookup x: Temporary failure in name resolution', "transient"],
  ['failed to copy: failed to do request: Put "https://x": EOF', "transient"],
  ["failed to copy: unexpected EOF", "transient"],
  ["net/http: TLS handshake timeout", "transient"],
  ["dial tcp 20.1.1.1:443: i/o timeout", "transient"],
  ["blob upload unknown", "transient"],
  ["failed to push mayfly.azurecr.io/team/app: unknown: invalid content range", "transient"],
  ["http2: client connection lost", "transient"],
  ["unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.", "expired"],
  [
    `failed to authorize: failed to fetch oauth token: unexpected status from POST request to ${R}/oauth2/token: 401 Unauthorized`,
    "expired",
  ],
  ["unauthorized: token has expired", "expired"],
  [
    "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    "denied",
  ],
  [`unexpected status from POST request to ${R}/v2/app/blobs/uploads/: 403 Forbidden`, "denied"],
  ["denied: requested access to the resource is denied", "denied"],
  ["unauthorized: Application not registered with AAD.", "denied"],
  [
    "denied: client with IP '20.1.2.3' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    "firewall",
  ],
  [
    "unknown: The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/",
    "locked",
  ],
  [`unexpected status from PUT request to ${R}/v2/app/manifests/1: 405 Method Not Allowed`, "locked"],
  ["write /var/lib/docker/tmp/x: no space left on device", "disk-full"],
  [
    "error: failed to solve: ResourceExhausted: failed to copy files: copy file range failed: no space left on device",
    "disk-full",
  ],
  ["denied: storage quota exceeded for octo", "quota"],
  [`unexpected status from PUT request to ${R}/v2/app: 507 Insufficient Storage`, "quota"],
  ["manifest invalid: manifest invalid", "invalid"],
  [`unexpected status from PUT request to ${R}/v2/app/manifests/x: 400 Bad Request`, "invalid"],
  ["error parsing HTTP 413 response body: 413 Request Entity Too Large", "invalid"],
  ["x509: certificate signed by unknown authority", "failed"],
  ["http: server gave HTTP response to HTTPS client", "failed"],
  ["dial tcp: lookup mayfly.azurecr.io: no such host", "failed"],
  ['process "/bin/sh -c make" did not complete successfully: exit code: 2', "failed"],
];

describe("what was said of a push", () => {
  test.each(SAID)("%s", (said, kind) => {
    const fault = classifyPushFault(said);
    expect(fault.kind).toBe(kind);
    expect(fault.because).toMatch(/\w{3} \w/);
    expect(fault.mend).toMatch(/\w{3} \w/);
  });

  test.each([
    [408, "transient"],
    [429, "transient"],
    [500, "transient"],
    [502, "transient"],
    [503, "transient"],
    [504, "transient"],
    [400, "invalid"],
    [401, "expired"],
    [403, "denied"],
    [405, "locked"],
    [404, "failed"],
    [409, "failed"],
    [501, "failed"],
  ])("an answer of %d alone is %s", (status, kind) => {
    expect(classifyPushFault("", { status }).kind).toBe(kind);
  });

  test("is a right that is not there when a fresh login is refused as well", () => {
    const said = "unauthorized: authentication required";
    expect(classifyPushFault(said, { freshLogin: true })).toMatchObject({ kind: "denied", code: "registry-denied" });
    expect(classifyPushFault("", { status: 401, freshLogin: true }).kind).toBe("denied");
    expect(classifyPushFault("502 Bad Gateway", { freshLogin: true }).kind).toBe("transient");
  });

  test("keeps the id that support asks for", () => {
    expect(classifyPushFault(`unauthorized: x. CorrelationId: ${ID}"`).correlationId).toBe(ID);
    expect(classifyPushFault("EOF").correlationId).toBeUndefined();
  });

  test("is never worth another try after a 400, 403 or 405, whatever else was said", () => {
    const refusal = fc.constantFrom("400 Bad Request", "403 Forbidden", "405 Method Not Allowed");
    const words = fc.constantFrom(...SAID.map(([said]) => said));
    fc.assert(
      fc.property(refusal, words, fc.boolean(), (no, said, first) => {
        const both = first ? `unexpected status: ${no}\n${said}` : `${said}\nunexpected status: ${no}`;
        expect(classifyPushFault(both).kind).not.toBe("transient");
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(400, 403, 405), words, (status, said) => {
        expect(classifyPushFault(said, { status }).kind).not.toBe("transient");
      }),
    );
  });
});
