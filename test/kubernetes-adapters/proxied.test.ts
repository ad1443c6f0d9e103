import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { makeBed, putWeb, WEB } from "./on-stand-in.ts";

/** A forward proxy that leads every name to one port, and writes down what it was asked. */
async function startProxy(port: number, status = 200) {
  const asked: { readonly target: string; readonly login: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (request, socket: Socket) => {
    asked.push({ target: request.url ?? "", login: request.headers["proxy-authorization"] });
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const far = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      far.pipe(socket).pipe(far);
    });
    sockets.add(far);
    for (const each of [far, socket]) each.on("error", () => each.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port: own } = server.address() as AddressInfo;
  return {
    asked,
    host: `127.0.0.1:${own}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const NAME = "api.cluster.invalid";

describe("a cluster behind a proxy", () => {
  test.each(["HTTPS_PROXY", "https_proxy", "proxy-url"])(
    "is reached through %s, with the proxy's own login",
    async (way) => {
      await using bed = await makeBed({ names: [NAME] });
      await using proxy = await startProxy(Number(new URL(bed.server.url).port));
      const url = `http://me:pass%20word@${proxy.host}`;
      const cluster = bed.connect(
        { cluster: { server: `https://${NAME}`, ...(way === "proxy-url" ? { "proxy-url": url } : {}) } },
        { environment: way === "proxy-url" ? {} : { [way]: url } },
      );
      expect(await cluster.readVersion()).toBe("v1.36.3");
      const login = `Basic ${Buffer.from("me:pass word").toString("base64")}`;
      expect(proxy.asked).toEqual([{ target: `${NAME}:443`, login }]);
    },
  );

  test.each(["HTTPS_PROXY", "proxy-url"])("has its websockets go through %s, too", async (way) => {
    await using bed = await makeBed({ names: [NAME] });
    await using proxy = await startProxy(Number(new URL(bed.server.url).port));
    putWeb(bed.server);
    bed.server.settings.programs.set("default/web/main", (stream) => stream.exit(3));
    const url = `http://${proxy.host}`;
    const cluster = bed.connect(
      { cluster: { server: `https://${NAME}`, ...(way === "proxy-url" ? { "proxy-url": url } : {}) } },
      { environment: way === "proxy-url" ? {} : { [way]: url } },
    );
    const order = { container: "main", command: ["x"], timeoutMs: 5_000, until: new AbortController().signal };
    expect(await cluster.exec(WEB, order)).toMatchObject({ exitCode: 3 });
    expect(proxy.asked.map(({ target }) => target)).toEqual([`${NAME}:443`]);
  });

  test("is not looked for there when NO_PROXY names it, whatever the case of the variables", async () => {
    await using bed = await makeBed({ names: [NAME] });
    await using proxy = await startProxy(Number(new URL(bed.server.url).port));
    const environment = { HTTPS_PROXY: `http://${proxy.host}`, no_proxy: ".cluster.invalid" };
    const cluster = bed.connect({ cluster: { server: `https://${NAME}` } }, { environment });
    await expect(cluster.readVersion()).rejects.toMatchObject({ code: "cluster-unreachable" });
    expect(proxy.asked).toEqual([]);
    // This machine itself is never behind it.
    expect(await bed.connect({}, { environment: { HTTPS_PROXY: `http://${proxy.host}` } }).readVersion()).toBe(
      "v1.36.3",
    );
    expect(proxy.asked).toEqual([]);
  });

  test("that lets nobody through is told of, without the proxy's login", async () => {
    await using bed = await makeBed();
    await using proxy = await startProxy(1, 403);
    const environment = { HTTPS_PROXY: `http://me:sesame@${proxy.host}` };
    const cluster = bed.connect({ cluster: { server: `https://${NAME}` } }, { environment });
    const error = await cluster.readVersion().catch((fault: unknown) => fault);
    expect(error).toMatchObject({
      code: "cluster-unreachable",
      message: expect.stringContaining(`through the proxy http://${proxy.host}`),
    });
    expect(error).toMatchObject({ message: expect.stringContaining("name it in NO_PROXY") });
    expect(String(error)).not.toContain("sesame");
  });
});
