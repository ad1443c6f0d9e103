import { readFileSync } from "node:fs";
import type { Layout } from "../layout.ts";
import { run } from "../run.ts";
import { type Namespaces, runInNetwork } from "./namespaces.ts";

const BRIDGE = "mayfly";

/** The bridge of pods, as CNI's plugins are told: they adopt the one that is there. */
export const cniConfig = ({ addresses }: Layout): object => ({
  cniVersion: "1.0.0",
  name: "mayfly",
  plugins: [
    {
      type: "bridge",
      bridge: BRIDGE,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: "host-local", ranges: [[{ subnet: addresses.pods }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
});

/** `ip -batch` on this machine: a cable into the node's network, and the ways to pods, Services and their load balancers. */
export function renderHostNetwork({ mark, addresses }: Layout, pid: number): string {
  return [
    `link add ${mark} type veth peer name uplink netns ${pid}`,
    `address add ${addresses.host}/30 dev ${mark}`,
    `link set ${mark} up`,
    `route add ${addresses.pods} via ${addresses.node}`,
    `route add ${addresses.services} via ${addresses.node}`,
    `route add ${addresses.balancers} via ${addresses.node}`,
    "",
  ].join("\n");
}

/** `ip -batch` in the node's network: the other end, and the bridge, where the API server listens before there are pods. */
export function renderNodeNetwork({ addresses }: Layout): string {
  return [
    `address add ${addresses.node}/30 dev uplink`,
    "link set uplink up",
    `route add default via ${addresses.host}`,
    `link add ${BRIDGE} type bridge`,
    `address add ${addresses.bridge}/24 dev ${BRIDGE}`,
    `link set ${BRIDGE} up`,
    "",
  ].join("\n");
}

/**
 * Connects the node with this machine. Nothing of the machine's firewall or settings changes, and nothing leads from pods
 * to other machines.
 *
 * @throws Error when the machine has one of these addresses or routes already
 */
export async function connectNetwork(layout: Layout, namespaces: Namespaces): Promise<void> {
  await removeCable(layout);
  try {
    await run("ip", ["-batch", "-"], { input: renderHostNetwork(layout, namespaces.pid) });
  } catch (cause) {
    const { addresses } = layout;
    const used = `${addresses.cable}, ${addresses.pods}, ${addresses.balancers} and ${addresses.services}`;
    throw new Error(
      `The cluster needs ${used} for itself, and this machine does not let it: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const setUp = "ip -batch - && echo 1 >/proc/sys/net/ipv4/ip_forward";
  await runInNetwork(namespaces, ["sh", "-c", setUp], renderNodeNetwork(layout));
}

/** Removes this machine's end of the cable, with its routes, when it is there: the kernel would, a moment after the node's end. */
export async function removeCable({ mark }: Pick<Layout, "mark">): Promise<void> {
  if (readFileSync("/proc/net/dev", "utf8").includes(`${mark}:`)) await run("ip", ["link", "delete", mark]);
}
