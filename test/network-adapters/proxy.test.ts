import { createServer } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Authority, createAuthority } from "./certificates.ts";
import { ask, connect, type FarSide, faultOf, serveBytes, serveHttp, serveHttps } from "./far-side.ts";

const before = getCACertificates("default");
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority();
  setDefaultCACertificates([...before, authority.certificate]);
});
afterAll(() => setDefaultCACertificates(before));

interface Proxy extends AsyncDisposable {
  readonly port: number;
  readonly asked: string[];
}

/** Leads everything to one server, whatever its name. */
async function startProxy(target: number, refuse?: number): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
    response.end(`by proxy for ${request.headers.host}`);
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} Not Here\r\n\r\n`);
      return;
    }
    const far = connectTcp(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      join(far, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What ends one ends the other. */
function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  for (const [each, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    each.on("error", () => {});
    each.on("close", () => peer.destroy());
  }
}

const serveShop = async (): Promise<FarSide> =>
  serveHttps(await authority.issue({ names: ["shop.example"] }), (_, response) => response.end("shop"));

describe("the job's proxy", () => {
  test("is asked for a tunnel to https, with the login of its address", async () => {
    await using far = await serveShop();
    await using proxy = await startProxy(far.port);
    const network = connect({ environment: { HTTPS_PROXY: `http://me:p%40w@127.0.0.1:${proxy.port}` } });
    const answer = await ask("https://shop.example/a", {}, network);
    expect(answer).toMatchObject({ body: "shop", certificate: { subject: "CN=shop.example, O=Shop" } });
    expect(proxy.asked).toEqual([`CONNECT shop.example:443 Basic ${Buffer.from("me:p@w").toString("base64")}`]);
  });

  test("is asked for the whole address of http", async () => {
    await using proxy = await startProxy(0);
    const network = connect({ environment: { http_proxy: `127.0.0.1:${proxy.port}` } });
    const answer = await ask("http://shop.example/a?b=c", {}, network);
    expect(answer.body).toBe("by proxy for shop.example");
    expect(proxy.asked).toEqual(["GET http://shop.example/a?b=c -"]);
  });

  test("may speak TLS itself", async () => {
    await using far = await serveShop();
    const pair = await authority.issue({ names: ["localhost"] });
    const { createServer: createHttps } = await import("node:https");
    const server = createHttps(pair);
    server.on("connect", (_, socket) => {
      const through = connectTcp(far.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        join(through, socket);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const network = connect({ environment: { HTTPS_PROXY: `https://localhost:${port}` } });
    expect((await ask("https://shop.example", {}, network)).body).toBe("shop");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("is passed by where NO_PROXY says so, on this machine, and through a dial", async () => {
    await using far = await serveHttp((_, response) => response.end("direct"));
    await using proxy = await startProxy(far.port);
    const environment = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "shop.example" };
    const network = connect({ environment });
    expect((await ask(`http://localhost:${far.port}`, {}, network)).body).toBe("direct");
    const dial = async () => connectTcp(far.port, "127.0.0.1");
    expect((await ask("http://api.shop.svc", { dial }, network)).body).toBe("direct");
    expect((await faultOf(ask("http://shop.example.invalid", { timeoutMs: 500 }, connect()))).kind).not.toBe("tls");
    expect(proxy.asked).toEqual([]);
  });

  test("that lets nothing through is told with its answer, and without its login", async () => {
    await using proxy = await startProxy(0, 407);
    const network = connect({ environment: { HTTPS_PROXY: `http://me:pw@127.0.0.1:${proxy.port}` } });
    expect(await faultOf(ask("https://shop.example", {}, network), network)).toEqual({
      kind: "other",
      message: `the proxy http://127.0.0.1:${proxy.port} answered 407 Not Here and let nothing through`,
    });
  });

  test.each([
    ["is not there", "http://127.0.0.1:9", /^the proxy http:\/\/127.0.0.1:9: the connection was refused/],
    ["is of another kind", "socks5://127.0.0.1:1080", /speaks neither HTTP nor HTTPS/],
    ["is no address", "http://", /is no address/],
  ])("that %s is told as such, and not as the host", async (_, address, message) => {
    const network = connect({ environment: { HTTPS_PROXY: address } });
    const fault = await faultOf(ask("https://shop.example", {}, network), network);
    expect(fault).toEqual({ kind: "other", message: expect.stringMatching(message) });
  });

  test.each([
    ["says nothing", () => {}, "timeout"],
    ["ends the connection", "", "other"],
    ["speaks something else", "SSH-2.0-OpenSSH\r\n", "other"],
  ])("that %s is no hang", async (_, said, kind) => {
    await using far = await serveBytes((socket) => {
      socket.once("data", () => (typeof said === "string" ? socket.end(said) : undefined));
    });
    const network = connect({ environment: { HTTPS_PROXY: `http://127.0.0.1:${far.port}` } });
    expect((await faultOf(ask("https://shop.example", { timeoutMs: 300 }, network), network)).kind).toBe(kind);
  });
});
