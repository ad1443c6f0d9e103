import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readExample } from "./read-example.ts";

const README = join(import.meta.dirname, "../../README.md");

test("an example is read as people copy it", () => {
  expect(Object.keys(parse(readExample(README, "Nightly cleanup")).jobs)).toEqual(["reap"]);
});

test("one that is not there is told", () => {
  expect(() => readExample(README, "Nightly")).toThrow('has 0 examples "Nightly"');
});
