import { expect, test } from "@jest/globals";
import { findFreeSubnet } from "./free-subnet.ts";

test("takes a subnet that no interface has a part of", () => {
  const others = Array.from({ length: 256 }, (_, third) => third).filter((third) => third !== 7);
  expect(findFreeSubnet(["127.0.0.1/8", ...others.map((third) => `10.241.${third}.200/32`)])).toBe("10.241.7.1/24");
});

test("says so when there is none, also below a larger network", () => {
  expect(() => findFreeSubnet(["10.9.9.9/8"])).toThrow("There is no free /24 in 10.241.0.0/16");
});
