import { execFileSync } from "node:child_process";
import { overlap } from "../image-tools/free-subnet.ts";

/**
 * Where a cluster is. Its node has a network of its own, and a cable to this machine: `host` is this machine's end of it, `node`
 * the other. Pods and Services are reached from this machine through that cable.
 */
export interface Addresses {
  /** Which of the machine's clusters it is, from 0. */
  readonly slot: number;
  readonly cable: string;
  readonly host: string;
  readonly node: string;
  readonly pods: string;
  /** The bridge of the pods: the API server listens here, since pods must reach it, too. */
  readonly bridge: string;
  readonly services: string;
  /** The Service `kubernetes`: the first address of Services. */
  readonly kubernetes: string;
  readonly dns: string;
  /** Where Services of type LoadBalancer are reached. */
  readonly balancers: string;
}

const SLOTS = 64;

/** The addresses of the n-th cluster of a machine. */
export function addressesOf(slot: number): Addresses {
  return {
    slot,
    cable: `10.245.${slot}.0/30`,
    host: `10.245.${slot}.1`,
    node: `10.245.${slot}.2`,
    pods: `10.244.${slot}.0/24`,
    bridge: `10.244.${slot}.1`,
    services: `10.96.${slot}.0/24`,
    kubernetes: `10.96.${slot}.1`,
    dns: `10.96.${slot}.10`,
    balancers: `10.246.${slot}.0/24`,
  };
}

/**
 * The first slot whose addresses nobody has.
 *
 * @param taken are the machine's networks, as `<address>/<bits>`
 * @throws Error when there is none
 */
export function chooseSlot(taken: readonly string[]): number {
  const free = Array.from({ length: SLOTS }, (_, slot) => slot).find((slot) => {
    const { cable, pods, services, balancers } = addressesOf(slot);
    return !taken.some((network) => [cable, pods, services, balancers].some((own) => overlap(network, own)));
  });
  if (free !== undefined) return free;
  throw new Error(
    `A cluster needs free networks in 10.244.0.0/16 to 10.246.0.0/16 and 10.96.0.0/16, and this machine has ${taken.join(", ")}`,
  );
}

/**
 * The networks that this machine has an address in or a route to, but for the rest of the world.
 *
 * @param ip is the path of iproute2's program.
 */
export function listNetworks(ip: string): readonly string[] {
  const routes = JSON.parse(
    execFileSync(ip, ["-json", "-4", "route", "show", "table", "all"], { encoding: "utf8" }),
  ) as readonly {
    readonly dst: string;
  }[];
  const networks = routes.map(({ dst }) => dst).filter((dst) => /^[0-9]/.test(dst));
  // A way to a larger part of the world, such as a company's 10.0.0.0/8, gives way to a cluster's.
  return networks
    .map((dst) => (dst.includes("/") ? dst : `${dst}/32`))
    .filter((dst) => Number(dst.split("/")[1]) >= 16);
}
