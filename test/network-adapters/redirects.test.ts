import { describe, expect, test } from "@jest/globals";
import { ask, faultOf, serveHttp } from "./far-side.ts";

const CREDENTIALS = { Authorization: "Bearer s", Cookie: "s=1", "X-Api-Key": "k", Accept: "text/plain" };

describe("a redirect", () => {
  test("is an answer like any other where it is not followed", async () => {
    await using far = await serveHttp((_, response) => response.writeHead(302, { Location: "/there" }).end());
    const answer = await ask(`http://127.0.0.1:${far.port}`);
    expect(answer).toMatchObject({ status: 302, headers: { location: "/there" } });
    expect(far.connections()).toBe(1);
  });

  test("is followed with all that was sent, in the same place", async () => {
    await using far = await serveHttp((request, response) => {
      if (request.url === "/") response.writeHead(302, { Location: "there?a=1#b" }).end();
      else response.end(JSON.stringify([request.url, request.headers.authorization, request.headers.cookie]));
    });
    const answer = await ask(`http://127.0.0.1:${far.port}/`, { followRedirects: true, headers: CREDENTIALS });
    expect(JSON.parse(answer.body)).toEqual(["/there?a=1", "Bearer s", "s=1"]);
    expect(answer.url).toContain("/there?a=1");
  });

  test("to another origin carries neither a login nor any header that could be one", async () => {
    await using other = await serveHttp((request, response) => response.end(JSON.stringify(request.headers)));
    await using far = await serveHttp((_, response) => {
      response.writeHead(307, { Location: `http://me:pw@127.0.0.1:${other.port}/` }).end();
    });
    const url = `http://me:pw@127.0.0.1:${far.port}/`;
    const answer = await ask(url, { followRedirects: true, headers: CREDENTIALS });
    const { host, ...headers } = JSON.parse(answer.body) as Record<string, string>;
    expect(headers).toEqual({ accept: "text/plain", "user-agent": "mayfly", connection: "close" });
    expect(host).toBe(`127.0.0.1:${other.port}`);
  });

  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [303, "HEAD", "HEAD", ""],
    [301, "PUT", "PUT", "hello"],
    [307, "POST", "POST", "hello"],
    [308, "POST", "POST", "hello"],
  ])("of %i turns %s into %s", async (status, method, expected, body) => {
    const seen: string[] = [];
    await using far = await serveHttp(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.url === "/") response.writeHead(status, { Location: "/b" }).end();
      else {
        seen.push(`${request.method} ${Buffer.concat(chunks).toString()} ${request.headers["content-type"] ?? ""}`);
        response.end();
      }
    });
    await ask(`http://127.0.0.1:${far.port}/`, {
      method,
      body: method === "HEAD" ? undefined : "hello",
      headers: method === "HEAD" ? {} : { "content-type": "text/x" },
      followRedirects: true,
    });
    expect(seen).toEqual([`${expected} ${body} ${body === "" ? "" : "text/x"}`]);
  });

  test.each([
    [200, { Location: "/b" }],
    [304, { Location: "/b" }],
    [302, {}],
  ])("is none: %i with %j", async (status, headers) => {
    await using far = await serveHttp((_, response) => response.writeHead(status, headers).end());
    expect((await ask(`http://127.0.0.1:${far.port}`, { followRedirects: true })).status).toBe(status);
    expect(far.connections()).toBe(1);
  });

  test("is followed five times, and no more", async () => {
    await using far = await serveHttp((request, response) => {
      const count = Number(request.url?.slice(1));
      if (count < 5) response.writeHead(302, { Location: `/${count + 1}` }).end();
      else response.end("there");
    });
    expect((await ask(`http://127.0.0.1:${far.port}/0`, { followRedirects: true })).body).toBe("there");
    expect(far.connections()).toBe(6);
  });

  test("in a circle is a fault", async () => {
    await using far = await serveHttp((_, response) => response.writeHead(302, { Location: "/" }).end());
    const fault = await faultOf(ask(`http://127.0.0.1:${far.port}`, { followRedirects: true }));
    expect(fault.message).toMatch(/^more than 5 redirects/);
    expect(far.connections()).toBe(6);
  });

  test.each(["file:///etc/passwd", "ftp://example.com/", "javascript:alert(1)", "http://", "http://[::1"])(
    "to %s leads nowhere",
    async (location) => {
      await using far = await serveHttp((_, response) => response.writeHead(302, { Location: location }).end());
      const fault = await faultOf(ask(`http://127.0.0.1:${far.port}`, { followRedirects: true }));
      expect(fault).toMatchObject({ kind: "other", message: expect.stringContaining("redirects to what is no") });
    },
  );
});
