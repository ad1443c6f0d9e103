import { BlockList, isIPv4 } from "node:net";

/** Whether an address is in a range like `203.0.113.0/24`; a bare address is a range of one. */
export function inRange(address: string, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const list = new BlockList();
  const family = (text: string) => (isIPv4(text) ? "ipv4" : "ipv6");
  list.addSubnet(network, Number(bits ?? (isIPv4(network) ? 32 : 128)), family(network));
  return list.check(address, family(address));
}
