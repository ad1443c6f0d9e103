import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Authority, createAuthority } from "./certificates.ts";
import { ask, faultOf, serveBytes, serveHttp, serveHttps } from "./far-side.ts";

const DAY = 24 * 3600 * 1000;
const before = getCACertificates("default");
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority();
  setDefaultCACertificates([...before, authority.certificate]);
});
afterAll(() => setDefaultCACertificates(before));

describe("TLS", () => {
  test("tells of the certificate, and until when it is good", async () => {
    const to = new Date("2099-03-01T12:00:00Z");
    await using far = await serveHttps(await authority.issue({ to }), (_, response) => response.end("ok"));
    const answer = await ask(`https://localhost:${far.port}`);
    expect(answer).toMatchObject({ status: 200, body: "ok" });
    expect(answer.certificate).toEqual({
      expiresAt: to,
      subject: "CN=shop.example, O=Shop",
      issuer: "CN=Authority of a test",
    });
  });

  test.each([
    [
      "that has expired",
      { to: new Date(Date.now() - DAY) },
      /^the certificate of CN=shop.example, O=Shop expired on 20/,
    ],
    ["that is not valid yet", { from: new Date(Date.now() + DAY) }, /is valid only from 20\d\d-\d\d-\d\d on/],
    ["of another host", { names: ["a.example", "b.example"] }, /is for a.example, b.example, not for localhost/],
  ])("takes no certificate %s, and says so", async (_, wish, message) => {
    let asked = 0;
    const from = new Date(Date.now() - 30 * DAY);
    await using far = await serveHttps(await authority.issue({ from, ...wish }), (__, response) => {
      asked += 1;
      response.end();
    });
    const fault = await faultOf(ask(`https://localhost:${far.port}`, { headers: { authorization: "Bearer s" } }));
    expect(fault).toEqual({ kind: "tls", message: expect.stringMatching(message) });
    expect(asked).toBe(0);
  });

  test("takes no certificate that only itself vouches for", async () => {
    await using far = await serveHttps(await authority.issueSelfSigned({}), (_, response) => response.end());
    expect(await faultOf(ask(`https://localhost:${far.port}`))).toEqual({
      kind: "tls",
      message: "the certificate of CN=alone.example is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)",
    });
  });

  test("takes no certificate of an authority that is not known", async () => {
    const stranger = await createAuthority("Stranger");
    await using far = await serveHttps(await stranger.issue({}), (_, response) => response.end());
    const fault = await faultOf(ask(`https://localhost:${far.port}`));
    expect(fault.message).toMatch(/issued by CN=Stranger, an authority that is not known here \(NODE_EXTRA/);
  });

  test("is not turned off by NODE_TLS_REJECT_UNAUTHORIZED", async () => {
    await using far = await serveHttps(await authority.issueSelfSigned({}), (_, response) => response.end());
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect((await faultOf(ask(`https://localhost:${far.port}`))).kind).toBe("tls");
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });

  test("takes any certificate of what a dial leads to, and tells of it", async () => {
    await using far = await serveHttps(await authority.issueSelfSigned({}), (request, response) => {
      response.end(request.headers.host);
    });
    const dial = async () => connectTcp(far.port, "127.0.0.1");
    const answer = await ask("https://api.shop.svc/", { dial, anyCertificate: true });
    expect(answer).toMatchObject({ body: "api.shop.svc", certificate: { subject: "CN=alone.example" } });
    expect((await faultOf(ask("https://api.shop.svc/", { dial }))).kind).toBe("tls");
  });

  test("takes no certificate of where a dialled answer leads from there", async () => {
    await using alone = await serveHttps(await authority.issueSelfSigned({}), (_, response) => response.end());
    await using far = await serveHttp((_, response) => {
      response.writeHead(302, { location: `https://localhost:${alone.port}/` }).end();
    });
    const dial = async () => connectTcp(far.port, "127.0.0.1");
    const more = { dial, anyCertificate: true, followRedirects: true };
    expect((await faultOf(ask("http://api.shop.svc/", more))).kind).toBe("tls");
  });

  test("is missed where plain HTTP answers", async () => {
    await using far = await serveHttp((_, response) => response.end());
    const fault = await faultOf(ask(`https://localhost:${far.port}`));
    expect(fault.message).toMatch(/does not speak TLS/);
    expect(fault.kind).toBe("tls");
  });

  test.each([
    ["that ends at once", true, "reset"],
    ["that says nothing", false, "timeout"],
  ])("has no handshake with a server %s", async (_, ends, kind) => {
    await using far = await serveBytes((socket) => (ends ? socket.end() : undefined));
    expect((await faultOf(ask(`https://localhost:${far.port}`, { timeoutMs: 300 }))).kind).toBe(kind);
  });

  test("trusts what NODE_EXTRA_CA_CERTS names", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "mayfly-extra-ca-"));
    const file = join(scratch, "ca.pem");
    await writeFile(file, authority.certificate);
    await using far = await serveHttps(await authority.issue({}), (_, response) => response.end("trusted"));
    const run = promisify(execFile);
    const child = join(import.meta.dirname, "ask-child.ts");
    const { stdout } = await run(process.execPath, [child, `https://localhost:${far.port}`], {
      env: { NODE_EXTRA_CA_CERTS: file },
    });
    expect(stdout).toBe("trusted");
    await expect(run(process.execPath, [child, `https://localhost:${far.port}`], { env: {} })).rejects.toThrow(
      /an authority that is not known here/,
    );
    await rm(scratch, { recursive: true });
  });
});
