import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { createAzure } from "../azure.ts";
import { startProxy } from "../proxy.ts";
import { addTeam } from "../team.ts";
import type { Json } from "../wire.ts";
import { addCluster } from "./add-cluster.ts";
import { inRange } from "./ip-range.ts";

/** A cluster with something behind it that answers each text with the same one. */
async function setUp(properties: Json = {}) {
  const azure = createAzure();
  azure.aks.settings.silentMilliseconds = 10;
  const { subscriptionId } = addTeam(azure);
  const cluster = addCluster(azure, { subscriptionId, name: "shop", properties });
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  azure.aks.connect(cluster.id, { server: `https://127.0.0.1:${port}`, caPem: "", adminKubeconfig: "" });
  const proxy = await startProxy(azure);
  /** The status of a CONNECT, and what comes back through the tunnel. */
  const connect = async (host: string): Promise<{ readonly status: number; readonly echoed: string }> => {
    const { port: proxyPort } = new URL(proxy.url);
    const asked = request({ host: "127.0.0.1", port: proxyPort, method: "CONNECT", path: `${host}:443` }).end();
    const [{ statusCode: status }, socket] = await once(asked, "connect");
    if (status !== 200) return { status, echoed: "" };
    socket.write("ping");
    const [data] = await once(socket, "data");
    socket.destroy();
    return { status, echoed: `${data}` };
  };
  const end = async () => {
    await proxy[Symbol.asyncDispose]();
    server.close();
  };
  return { azure, cluster, connect, [Symbol.asyncDispose]: end };
}

describe("the name of an API server, through the proxy", () => {
  test("leads to the real one byte by byte, and is recorded", async () => {
    await using scene = await setUp();
    expect(await scene.connect(scene.cluster.fqdn)).toEqual({ status: 200, echoed: "ping" });
    expect(scene.azure.traffic.find({ host: scene.cluster.fqdn })).toMatchObject([{ method: "CONNECT", status: 200 }]);
    expect(scene.azure.traffic.refused()).toEqual([]);
  });

  test.each([
    ["of a private cluster resolves in its own network only", 502, { enablePrivateCluster: true }, "privateFqdn"],
    ["of a private cluster that is public leads into its own network", 504, { enablePrivateCluster: true }, "fqdn"],
    [
      "is silent for a runner outside of the authorised ranges",
      504,
      { authorizedIPRanges: ["198.51.100.0/24"] },
      "fqdn",
    ],
    ["answers a runner within them", 200, { authorizedIPRanges: ["198.51.100.1", "203.0.113.0/29"] }, "fqdn"],
  ] as const)("%s: %d", async (_, status, apiServerAccessProfile, name) => {
    await using scene = await setUp({ apiServerAccessProfile });
    expect((await scene.connect(`${scene.cluster[name]}`)).status).toBe(status);
  });

  test("is gone while the cluster is stopped", async () => {
    await using scene = await setUp();
    const { azure, cluster, connect } = scene;
    azure.aks.setPower(cluster.id, "Stopped");
    expect((await connect(cluster.fqdn)).status).toBe(502);
    azure.aks.setPower(cluster.id, "Running");
    expect((await connect(cluster.fqdn)).status).toBe(200);
  });

  test("that no cluster has does not resolve, and a cluster with nothing behind it is silent", async () => {
    await using scene = await setUp();
    expect((await scene.connect("shop-00000000.hcp.westeurope.azmk8s.io")).status).toBe(502);
    const { subscriptionId } = addTeam(scene.azure);
    const bare = addCluster(scene.azure, { subscriptionId, name: "bare" });
    expect((await scene.connect(bare.fqdn)).status).toBe(504);
    expect(scene.azure.traffic.refused()).toHaveLength(2);
  });
});

test.each([
  ["203.0.113.7", "203.0.113.0/24", true],
  ["203.0.113.7", "203.0.113.7", true],
  ["203.0.113.7", "203.0.113.8/32", false],
  ["2001:db8::1", "2001:db8::/32", true],
])("%s in %s: %s", (address, range, expected) => {
  expect(inRange(address, range)).toBe(expected);
});
