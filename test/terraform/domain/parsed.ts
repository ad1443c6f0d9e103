import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { Parsed, TerraformCode } from "../../../src/terraform/problem.ts";

/** The value of a parse that must have gone well. */
export function readValue<T>(parsed: Parsed<T>): T {
  if ("problems" in parsed) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.value;
}

/** The words of a parse that must have failed with one code. */
export function messageOf(parsed: Parsed<unknown>, code: TerraformCode): string {
  if ("value" in parsed) throw new Error(`was taken: ${JSON.stringify(parsed.value)}`);
  expect(parsed.problems.map((problem) => problem.code)).toEqual(parsed.problems.map(() => code));
  return parsed.problems.map(({ message }) => message).join("\n");
}

/** What the real terraform wrote (make-fixtures.ts). */
export function readFixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");
}
