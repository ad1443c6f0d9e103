import { expect } from "@jest/globals";
import type { HelmCode } from "../../src/helm/helm-codes.ts";
import type { Parsed } from "../../src/helm/problem.ts";

/** The value of a parse that must have gone well. */
export function readValue<T>(parsed: Parsed<T>): T {
  if ("problems" in parsed) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.value;
}

/** The words of a parse that must have failed with one code. */
export function messageOf(parsed: Parsed<unknown>, code: HelmCode): string {
  if ("value" in parsed) throw new Error(`was taken: ${JSON.stringify(parsed.value)}`);
  expect(parsed.problems.map((problem) => problem.code)).toEqual(parsed.problems.map(() => code));
  return parsed.problems.map(({ message }) => message).join("\n");
}
