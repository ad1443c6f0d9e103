import { randomInt } from "node:crypto";
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";

/**
 * The first address of a /24 that no interface of this machine has a part of, as `10.241.<n>.1/24`. Chosen at random,
 * so that two who look at the same time hardly ever find the same.
 */
export function findFreeSubnet(): string {
  const taken = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const free = Array.from({ length: 256 }, (_, index) => index).filter((third) => {
    const subnet = new BlockList();
    subnet.addSubnet(`10.241.${third}.0`, 24, "ipv4");
    return !taken.some((own) => own.family === "IPv4" && (subnet.check(own.address) || holds(own.cidr, third)));
  });
  const third = free[randomInt(Math.max(free.length, 1))];
  if (third === undefined) throw new Error("There is no free /24 in 10.241.0.0/16 for a bridge: too many interfaces");
  return `10.241.${third}.1/24`;
}

/** Whether a larger network holds ours. */
function holds(cidr: string | null, third: number): boolean {
  const [address, bits] = cidr?.split("/") ?? [];
  if (address === undefined) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), "ipv4");
  return network.check(`10.241.${third}.1`);
}
