import { expect, test } from "@jest/globals";
import { socketPath } from "./socket-path.ts";

test("a socket's path fits into the kernel's 107 bytes, or the folder is too long", () => {
  expect(socketPath(`/${"a".repeat(101)}`)).toHaveLength(107);
  expect(() => socketPath(`/${"ä".repeat(51)}`)).toThrow("Take a shorter scratch folder");
});
