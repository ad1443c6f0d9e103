import { readFileSync } from "node:fs";
import { ADDRESSES, CABLE } from "../layout.ts";
import { run } from "../run.ts";
import { type Namespaces, runInNetwork } from "./namespaces.ts";

const BRIDGE = "mayfly";

/** The bridge of pods, as CNI's plugins are told: they adopt the one that is there. */
export const CNI_CONFIG = {
  cniVersion: "1.0.0",
  name: "mayfly",
  plugins: [
    {
      type: "bridge",
      bridge: BRIDGE,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: "host-local", ranges: [[{ subnet: ADDRESSES.pods }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

/** `ip -batch` on this machine: a cable into the node's network, and the ways to pods and Services. */
export function renderHostNetwork(pid: number): string {
  return [
    `link add ${CABLE} type veth peer name uplink netns ${pid}`,
    `address add ${ADDRESSES.host}/30 dev ${CABLE}`,
    `link set ${CABLE} up`,
    `route add ${ADDRESSES.pods} via ${ADDRESSES.node}`,
    `route add ${ADDRESSES.services} via ${ADDRESSES.node}`,
    "",
  ].join("\n");
}

/** `ip -batch` in the node's network: the other end, and the bridge, where the API server listens before there are pods. */
export function renderNodeNetwork(): string {
  return [
    `address add ${ADDRESSES.node}/30 dev uplink`,
    "link set uplink up",
    `route add default via ${ADDRESSES.host}`,
    `link add ${BRIDGE} type bridge`,
    `address add ${ADDRESSES.bridge}/24 dev ${BRIDGE}`,
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
export async function connectNetwork(namespaces: Namespaces): Promise<void> {
  await removeCable();
  try {
    await run("ip", ["-batch", "-"], { input: renderHostNetwork(namespaces.pid) });
  } catch (cause) {
    const used = `${ADDRESSES.cable}, ${ADDRESSES.pods} and ${ADDRESSES.services}`;
    throw new Error(
      `The cluster needs ${used} for itself, and this machine does not let it: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const setUp = "ip -batch - && echo 1 >/proc/sys/net/ipv4/ip_forward";
  await runInNetwork(namespaces, ["sh", "-c", setUp], renderNodeNetwork());
}

/** Removes this machine's end of the cable, with its routes, when it is there: the kernel would, a moment after the node's end. */
export async function removeCable(): Promise<void> {
  if (readFileSync("/proc/net/dev", "utf8").includes(`${CABLE}:`)) await run("ip", ["link", "delete", CABLE]);
}
