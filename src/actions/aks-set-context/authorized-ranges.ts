import { BlockList, isIP } from "node:net";

/** Whether an address is in one of the ranges (`203.0.113.0/24`, or a single address). What cannot be read is none. */
export function isAuthorized(address: string, ranges: readonly string[]): boolean {
  const family = familyOf(address);
  if (family === undefined) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.trim().split("/");
    const of = familyOf(network);
    const widest = of === "ipv4" ? 32 : 128;
    const prefix = bits === undefined ? widest : Number(bits);
    if (of !== undefined && Number.isInteger(prefix) && prefix >= 0 && prefix <= widest) {
      list.addSubnet(network, prefix, of);
    }
  }
  return list.check(address, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "ipv4" : "ipv6";
}
