import { readSpec } from "../../src/smoke/read-spec.ts";
import type { Check, SmokeTest } from "../../src/smoke/smoke-test.ts";

/** The lines before `spec`. */
export const HEAD = "apiVersion: mayfly/v1alpha1\nkind: SmokeTest\nmetadata: { name: orders }\n";
/** What the action gives. */
export const GIVEN = {
  namespace: "shop",
  port: 8080,
  codes: [200, 201],
  tricky: "${id} $",
  release: { name: "web", revision: 3, services: [{ name: "api" }] },
};

export const DEFAULTS = { namespace: "default", timeout: 60_000, interval: 1_000 };

function read(text: string, bindings: Readonly<Record<string, unknown>> = GIVEN) {
  return readSpec({ file: "smoke.yaml", text }, bindings, DEFAULTS);
}

/** What is read of a spec that is right. */
export function readValue(body: string): SmokeTest {
  const found = read(HEAD + body);
  if ("problems" in found) throw new Error(found.problems.map(({ message }) => message).join("\n"));
  return found.value;
}

/** Checks of the only step, as they stand in `try`. */
export function readChecks(...entries: readonly string[]): readonly Check[] {
  const list = entries.map((entry) => `    - ${entry}\n`).join("");
  const [step] = readValue(`spec:\n  steps:\n  - name: one\n    try:\n${list}`).steps;
  return (step?.try ?? []).flatMap((each) => (each.kind === "parallel" ? each.checks : [each]));
}

/** `line:column message` of each problem of a text. */
export function readProblems(text: string): readonly string[] {
  const found = read(text);
  return "problems" in found ? found.problems.map(({ line, column, message }) => `${line}:${column} ${message}`) : [];
}

/** The problems of one entry, whose first column is 7 in line 8. */
export function problemsOf(...entries: readonly string[]): readonly string[] {
  const list = entries.map((entry) => `    - ${entry}\n`).join("");
  return readProblems(`${HEAD}spec:\n  steps:\n  - name: one\n    try:\n${list}`);
}
