import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";

/**
 * The first address of a /24 that no interface of this machine has a part of, as `10.241.<n>.1/24`. Chosen at random,
 * so that two who look at the same time hardly ever find the same.
 *
 * @param taken the addresses of all interfaces, as `<address>/<bits>`.
 * @throws Error when there is none
 */
export function findFreeSubnet(taken: readonly string[]): string {
  const free = Array.from({ length: 256 }, (_, third) => third).filter(
    (third) => !taken.some((network) => overlap(network, `10.241.${third}.0/24`)),
  );
  const third = free[randomInt(Math.max(free.length, 1))];
  if (third === undefined) throw new Error("There is no free /24 in 10.241.0.0/16 for a bridge: too many interfaces");
  return `10.241.${third}.1/24`;
}

/**
 * The IPv4 addresses of all interfaces, as `<address>/<bits>`. Node's own list leaves out bridges without a container.
 *
 * @param ip is the path of iproute2's program.
 */
export function listAddresses(ip: string): readonly string[] {
  const interfaces: readonly Interface[] = JSON.parse(
    execFileSync(ip, ["-json", "-4", "address"], { encoding: "utf8" }),
  );
  return interfaces.flatMap(({ addr_info }) => addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`));
}

interface Interface {
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

/** Whether two networks share addresses: whether they are the same as far as the larger one goes. */
export function overlap(one: string, other: string): boolean {
  const [first, second] = [parseNetwork(one), parseNetwork(other)];
  const size = 2 ** (32 - Math.min(first.bits, second.bits));
  return Math.floor(first.address / size) === Math.floor(second.address / size);
}

function parseNetwork(network: string): { readonly address: number; readonly bits: number } {
  const [address = "", bits] = network.split("/");
  return { address: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(bits) };
}
