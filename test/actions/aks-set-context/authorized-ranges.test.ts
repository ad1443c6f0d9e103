import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { isAuthorized } from "../../../src/actions/aks-set-context/authorized-ranges.ts";

const ipv4 = fc.ipV4().map((text) => text.split(".").map(Number).join("."));

test.each([
  ["203.0.113.7", ["203.0.113.0/24"], true],
  ["203.0.114.7", ["203.0.113.0/24"], false],
  ["198.51.100.1", ["203.0.113.0/24", " 198.51.100.1 "], true],
  ["198.51.100.1", ["198.51.100.1/32"], true],
  ["198.51.100.1", ["0.0.0.0/0"], true],
  ["2001:db8::1", ["2001:db8::/32"], true],
  ["2001:db9::1", ["2001:db8::/32", "203.0.113.0/24"], false],
  ["198.51.100.1", ["nonsense", "198.51.100.1/33", "198.51.100.1/x"], false],
  ["no address", ["0.0.0.0/0"], false],
  ["198.51.100.1", [], false],
])("%s in %j: %p", (address, ranges, inside) => {
  expect(isAuthorized(address, ranges)).toBe(inside);
});

test("an address is in every range that begins as it does, and in none that does not", () => {
  const bitsOf = (address: string): string =>
    address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  fc.assert(
    fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (address, network, prefix) => {
      const same = bitsOf(address).slice(0, prefix) === bitsOf(network).slice(0, prefix);
      expect(isAuthorized(address, [`${network}/${prefix}`])).toBe(same);
    }),
  );
});
