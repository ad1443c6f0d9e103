import { once } from "node:events";
import { createServer, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { createAzure } from "../azure.ts";
import { createCertificateAuthority } from "../certificates.ts";
import { startProxy } from "../proxy.ts";
import { addTeam } from "../team.ts";
import { addCluster } from "./add-cluster.ts";

const LABEL = "service.beta.kubernetes.io/azure-dns-label-name";
const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

const service = (label: string, ip?: string, annotations: object = {}) => ({
  metadata: { annotations: { [LABEL]: label, ...annotations } },
  status: { loadBalancer: ip === undefined ? {} : { ingress: [{ ip }] } },
});

/** A cluster in westeurope whose API server has these Services, and a web server where one of them leads. */
async function setUp() {
  const authority = await createCertificateAuthority();
  const { certificate: cert, key } = await authority.pemFor("localhost");
  const items = [
    service("pr-12", "127.0.0.1"),
    service("pr-13"),
    service("pr-14", "127.0.0.1", { [INTERNAL]: "true" }),
  ];
  const api = createSecureServer({ cert, key }, (asked, response) => {
    response.end(asked.url === "/api/v1/services" ? JSON.stringify({ items }) : "{}");
  });
  const web = createServer(async (asked, response) => {
    const { method, url, headers } = asked;
    response.writeHead(418, { "x-of": "app" }).end(`${method} ${url} ${headers.host} ${await text(asked)}`);
  });
  await once(api.listen(0, "localhost"), "listening");
  await once(web.listen(0, "127.0.0.1"), "listening");
  const portOf = (server: typeof api | typeof web) => (server.address() as AddressInfo).port;
  const azure = createAzure();
  const { subscriptionId } = addTeam(azure);
  const cluster = addCluster(azure, { subscriptionId, name: "shop" });
  const user = { token: "administrator" };
  azure.aks.connect(cluster.id, {
    server: `https://localhost:${portOf(api)}`,
    caPem: authority.certificate,
    adminKubeconfig: JSON.stringify({ users: [{ name: "a", user }] }),
  });
  const proxy = await startProxy(azure);
  const at = (label: string, region = "westeurope") => `${label}.${region}.cloudapp.azure.com:${portOf(web)}`;
  const throughProxy = { host: "127.0.0.1", port: new URL(proxy.url).port };
  return {
    azure,
    at,
    /** A plain request with the whole address, as a proxy is asked. */
    ask: async (url: string, body = "") => {
      const { host } = new URL(url);
      const asked = request({ ...throughProxy, method: "POST", path: url, headers: { host } }).end(body);
      const [response] = await once(asked, "response");
      return { status: response.statusCode, of: response.headers["x-of"], body: await text(response) };
    },
    /** The same through a tunnel. */
    tunnel: async (host: string) => {
      const asked = request({ ...throughProxy, method: "CONNECT", path: host }).end();
      const [{ statusCode }, socket] = await once(asked, "connect");
      if (statusCode !== 200) return { status: statusCode };
      const inner = request({
        createConnection: () => socket,
        path: "/x",
        headers: { host, connection: "close" },
      }).end();
      const [response] = await once(inner, "response");
      return { status: response.statusCode, body: await text(response) };
    },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      for (const server of [api, web]) server.close();
    },
  };
}

describe("a name of cloudapp.azure.com, through the proxy", () => {
  test("leads to the load balancer whose Service has its label, plain and through a tunnel", async () => {
    await using scene = await setUp();
    const host = scene.at("pr-12");
    const plain = await scene.ask(`http://${host}/x?y=1`, "ping");
    expect(plain).toEqual({ status: 418, of: "app", body: `POST /x?y=1 ${host} ping` });
    expect(await scene.tunnel(host)).toEqual({ status: 418, body: `GET /x ${host} ` });
    expect(scene.azure.traffic.refused()).toEqual([]);
    expect(scene.azure.traffic.find({ host: host.split(":")[0] ?? "" })).toMatchObject([
      { method: "POST", path: "/x", status: 418 },
      { method: "CONNECT", status: 200 },
    ]);
  });

  test.each([
    ["that nobody has taken", "pr-99", "westeurope"],
    ["of another region", "pr-12", "northeurope"],
    ["whose load balancer has no address yet", "pr-13", "westeurope"],
    ["whose load balancer is internal", "pr-14", "westeurope"],
  ])("%s does not resolve, and is recorded as refused", async (_, label, region) => {
    await using scene = await setUp();
    const host = scene.at(label, region);
    expect(await scene.ask(`http://${host}/`)).toMatchObject({ status: 502 });
    expect(await scene.tunnel(host)).toEqual({ status: 502 });
    expect(scene.azure.traffic.refused()).toMatchObject([{ method: "POST" }, { method: "CONNECT" }]);
  });

  test("is the only one that is answered over plain HTTP", async () => {
    await using scene = await setUp();
    expect(await scene.ask("http://example.com/")).toMatchObject({ status: 403 });
    expect(scene.azure.traffic.refused()).toMatchObject([{ host: "example.com", status: 403 }]);
  });
});
