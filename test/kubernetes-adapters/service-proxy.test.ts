import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ProxyRequest } from "../../src/kubernetes/pod-access.ts";
import { proxyPath } from "../../src/kubernetes/proxy-path.ts";
import type { Application, ProxiedRequest } from "../kubernetes/service-proxy.ts";
import { type Bed, makeBed, putWeb, WEB } from "./on-stand-in.ts";

const MIB = 1024 * 1024;

function ask(more: Partial<ProxyRequest> = {}): ProxyRequest {
  return {
    resource: "services",
    target: WEB,
    port: "http",
    scheme: "http",
    method: "GET",
    path: "/",
    headers: {},
    body: undefined,
    timeoutMs: 5_000,
    until: new AbortController().signal,
    ...more,
  };
}

async function bedWith(application: Application, at = "services/web:http"): Promise<Bed> {
  const bed = await makeBed();
  putWeb(bed.server);
  bed.server.settings.applications.set(`default/${at}`, application);
  return bed;
}

/** A refusal as the API server writes it. */
const status = (code: number, details?: object): string =>
  `${JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: "no", reason: "No", details, code })}\n`;
const JSON_TYPE = { "content-type": "application/json" };

describe("an application behind the API server", () => {
  test("is asked with method, path, query, headers and body as they are, and without our login", async () => {
    const seen: ProxiedRequest[] = [];
    await using bed = await bedWith((request) => {
      seen.push(request);
      return { status: 201, headers: { "x-app": "yes", "content-type": "text/plain" }, body: "made" };
    });
    const path = "/a%20b/%2Fc/?q=1%202&q=%2F..&é#x";
    const headers = { Host: "shop.example.com", "X-Mine": "1", "Content-Type": "text/x" };
    const answer = await bed.connect().proxy(ask({ method: "POST", path, headers, body: "hëllo" }));
    expect(answer).toMatchObject({
      status: 201,
      headers: { "x-app": "yes", "content-type": "text/plain" },
      body: "made",
    });
    expect(answer.cut).toBeUndefined();
    expect(seen).toMatchObject([
      {
        method: "POST",
        path: "/a%20b/%2Fc/?q=1%202&q=%2F..&%C3%A9%23x",
        body: "hëllo",
        headers: { host: "shop.example.com", "x-mine": "1", accept: "*/*" },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each<[string, Partial<ProxyRequest>]>([
    ["services/web:80", { port: "80" }],
    ["services/https:web:80", { port: "80", scheme: "https" }],
    ["pods/web:8080", { port: "8080", resource: "pods" }],
  ])("is found at %s", async (at, more) => {
    await using bed = await bedWith(() => ({ status: 200, body: at }), at);
    expect(await bed.connect().proxy(ask(more))).toMatchObject({ status: 200, body: at });
  });

  test("may lead elsewhere: it is not followed, and told as the application said it", async () => {
    const location = "/api/v1/namespaces/default/services/web:http/proxy/next?x=1";
    await using bed = await bedWith(() => ({ status: 302, headers: { location } }));
    expect(await bed.connect().proxy(ask())).toMatchObject({ status: 302, headers: { location: "/next?x=1" } });
    expect(bed.server.requests).toHaveLength(1);
  });

  test("has its headers told without those of the API server", async () => {
    await using bed = await bedWith(() => ({ status: 200, headers: { "cache-control": "max-age=60" } }));
    const { headers } = await bed.connect().proxy(ask());
    expect(headers["cache-control"]).toBe("max-age=60");
    expect(headers).not.toHaveProperty("audit-id");
    bed.server.settings.applications.set("default/services/web:http", () => ({ status: 200 }));
    expect((await bed.connect().proxy(ask())).headers).not.toHaveProperty("cache-control");
  });

  test("that answers without end is read up to 1 MiB, and that is said", async () => {
    await using bed = await bedWith(() => ({ status: 200, body: Buffer.alloc(3 * MIB, "x") }));
    const { body, cut } = await bed.connect().proxy(ask());
    expect([body.length, cut]).toEqual([MIB, true]);
  });

  test.each([400, 401, 403, 404, 429, 500, 503])("has its own %i told as an answer, once", async (code) => {
    await using bed = await bedWith(() => ({ status: code, headers: JSON_TYPE, body: '{"error":"no"}' }));
    expect(await bed.connect().proxy(ask())).toMatchObject({ status: code, body: '{"error":"no"}' });
    expect(bed.server.requests).toHaveLength(1);
  });

  test.each<[string, Application]>([
    [
      "of another object",
      () => ({ status: 404, headers: JSON_TYPE, body: status(404, { name: "other", kind: "pods" }) }),
    ],
    [
      "with a charset",
      () => ({ status: 503, headers: { "content-type": "application/json; charset=utf-8" }, body: status(503) }),
    ],
    ["without the line feed", () => ({ status: 503, headers: JSON_TYPE, body: status(503).trim() })],
    ["of another code", () => ({ status: 503, headers: JSON_TYPE, body: status(500) })],
    [
      "of an API server of its own",
      () => ({ status: 403, headers: { ...JSON_TYPE, "audit-id": "1" }, body: status(403) }),
    ],
    ["that is no failure", () => ({ status: 200, headers: JSON_TYPE, body: status(200) })],
  ])("may answer with a Status %s", async (_, application) => {
    await using bed = await bedWith(application);
    expect(await bed.connect().proxy(ask())).toMatchObject({ status: application({} as ProxiedRequest)?.status });
  });
});

describe("the API server's own refusal", () => {
  test.each<[string, Partial<ProxyRequest>, object]>([
    ["no such Service", { target: { ...WEB, name: "nope" } }, { status: 404, message: 'services "nope" not found' }],
    [
      "no such pod",
      { resource: "pods", target: { ...WEB, name: "nope" }, port: "80" },
      { status: 404, message: 'pods "nope" not found' },
    ],
    ["no endpoints", { port: "80" }, { status: 503, message: 'no endpoints available for service "web"' }],
    ["no such port", { port: "99" }, { status: 503, message: 'no service port 99 found for service "web"' }],
  ])("is thrown for %s, once", async (_, more, refusal) => {
    await using bed = await bedWith(() => ({ status: 200 }));
    await expect(bed.connect().proxy(ask(more))).rejects.toMatchObject({ name: "KubeRefusal", ...refusal });
    expect(bed.server.requests).toHaveLength(1);
  });

  test("is thrown without the right, in its words", async () => {
    await using bed = await bedWith(() => ({ status: 200 }));
    bed.server.settings.may = () => false;
    await expect(bed.connect().proxy(ask())).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('cannot get resource "services/proxy"'),
    });
  });

  test("is thrown when it takes no more requests, which is no Status", async () => {
    await using bed = await bedWith(() => ({ status: 200 }));
    const page = "Too many requests, please try again later.\n";
    bed.server.faults.add({ when: {}, effect: { status: 429, page } });
    await expect(bed.connect().proxy(ask())).rejects.toMatchObject({ status: 429 });
  });

  test("of the login has it renewed, and a 401 of the application has not", async () => {
    await using bed = await bedWith(() => ({ status: 401, body: "who are you?" }));
    bed.server.settings.tokens.set("new-token", "new");
    const cluster = bed.connect({ user: { token: "old-token" } });
    bed.write({ user: { token: "new-token" } });
    expect(await cluster.proxy(ask())).toMatchObject({ status: 401, body: "who are you?" });
    expect(bed.server.requests.map(({ status: each, user }) => [each, user])).toEqual([
      [401, ""],
      [401, "new"],
    ]);
  });
});

describe("a request that is not sent", () => {
  test.each<[string, Partial<ProxyRequest>]>([
    ["a login of its own", { headers: { Authorization: "Bearer x" } }],
    ["another identity", { headers: { "Impersonate-User": "admin" } }],
    ["a header that would be two", { headers: { "x-a": "1\r\nimpersonate-user: admin" } }],
    ["a method that is none", { method: "GET /x" }],
    ["CONNECT", { method: "CONNECT" }],
    ["a path that is none", { path: "healthz" }],
    ["a path that leads out", { path: "/../../secrets" }],
    ["a path that leads out once decoded", { path: "/a/%2E%2e%2f/%2e%2E" }],
    ["a path that leads out by other strokes", { path: "/a\\..\\b" }],
    ["a name that is a path", { target: { ...WEB, name: "web/proxy" } }],
    ["a name with a scheme", { target: { ...WEB, name: "https:web" } }],
    ["a port with a port", { port: "80:90" }],
    ["no port", { port: "" }],
  ])("is one with %s", async (_, more) => {
    await using bed = await bedWith(() => ({ status: 200 }));
    await expect(bed.connect().proxy(ask(more))).rejects.toMatchObject({ status: 400, reason: "BadRequest" });
    expect(bed.server.requests).toEqual([]);
  });

  test("or its path stays within the application, whatever it is", () => {
    const part = fc.oneof(
      fc.constantFrom("..", ".", "%2e", "%2E.", "%2f", "\\", "/", "é", "%", "a b"),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part), fc.boolean(), (parts, query) => {
        const path = `/${parts.join(query ? "/" : "")}`;
        let carried: string;
        try {
          carried = proxyPath(path);
        } catch {
          return;
        }
        expect(carried).toMatch(/^\/[\x21-\x7e]*$/);
        expect(new URL(`https://api/a/b/proxy${carried}`).pathname).toMatch(/^\/a\/b\/proxy/);
        expect(carried.split("?", 1)[0]?.replace(/%2f/gi, "/").replace(/%2e/gi, ".").split("/")).not.toContain("..");
      }),
    );
  });
});

describe("an answer that does not come", () => {
  test("is waited for as long as it may take", async () => {
    await using bed = await bedWith(() => undefined);
    await expect(bed.connect().proxy(ask({ timeoutMs: 200 }))).rejects.toMatchObject({
      status: 504,
      reason: "Timeout",
      message: "no whole answer of web:http came within 0.2 s",
    });
  });

  test("is not waited for once it is called off, or the job is cancelled", async () => {
    const stop = new AbortController();
    await using bed = await bedWith(() => {
      setTimeout(() => stop.abort(new Error("enough")), 10);
      return undefined;
    });
    await expect(bed.connect().proxy(ask({ until: stop.signal }))).rejects.toThrow("enough");
    bed.server.settings.applications.set(
      "default/services/web:http",
      () => void setTimeout(() => bed.cancel.abort(), 10),
    );
    await expect(bed.connect().proxy(ask())).rejects.toMatchObject({ code: "cancelled" });
  });

  test("since the connection is cut is told, and not asked for again", async () => {
    await using bed = await bedWith(() => ({ status: 200 }));
    bed.server.faults.add({ when: {}, effect: "reset" });
    await expect(bed.connect().proxy(ask())).rejects.toMatchObject({ code: "cluster-unreachable" });
    expect(bed.server.requests).toHaveLength(1);
  });
});
