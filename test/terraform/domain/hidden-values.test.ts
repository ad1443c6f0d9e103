import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Json } from "../../../src/terraform/exact-json.ts";
import { readPlan } from "../../../src/terraform/read-plan.ts";
import { readValue } from "./parsed.ts";
import { makeChange, makePlan } from "./planned.ts";

describe("the sensitive values of a plan", () => {
  /** Nothing that a plan's own words hold. */
  const secret = fc.stringMatching(/^~[a-z"\\\n~é$%{}]{3,12}~$/);
  const plain = fc.oneof(fc.constantFrom("x", "some text", ""), fc.integer(), fc.boolean(), fc.constant(null));
  type Tree = { readonly value: Json; readonly mark: Json };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      plain.map((value) => ({ value, mark: false })),
      secret.map((value) => ({ value, mark: true })),
      fc.array(secret, { maxLength: 3 }).map((value) => ({ value: { deep: value }, mark: true })),
      fc.array(tie("tree"), { maxLength: 4 }).map((parts) => ({
        value: parts.map(({ value }) => value),
        mark: parts.map(({ mark }) => mark),
      })),
      fc.dictionary(fc.constantFrom("a", "b", "c d"), tie("tree"), { maxKeys: 3 }).map((parts) => ({
        value: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.value])),
        mark: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.mark])),
      })),
    ),
  }));
  const object = fc.dictionary(fc.constantFrom("name", "input", "tags"), tree, { maxKeys: 3 }).map((parts) => ({
    value: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.value])),
    mark: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.mark])),
  }));

  function listMarked(value: Json, mark: Json): readonly string[] {
    if (mark === true)
      return typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap((one) => listMarked(one, true));
    return typeof mark === "object" && mark !== null
      ? Object.entries(mark).flatMap(([name, one]) => listMarked((value as Record<string, Json>)[name] ?? null, one))
      : [];
  }

  test("turn up nowhere, also where they were copied to", () => {
    const actions = fc.constantFrom(["create"], ["update"], ["delete", "create"], ["delete"], ["read"]);
    fc.assert(
      fc.property(object, object, actions, fc.nat(), (before, after, acts, pick) => {
        const secrets = [...listMarked(before.value, before.mark), ...listMarked(after.value, after.mark)];
        const one = secrets[pick % Math.max(1, secrets.length)] ?? "none at all";
        const copied: Json = {
          name: one,
          within: `${one}${one}`,
          list: [one],
          json: JSON.stringify({ at: one }),
          input: { [one]: one },
        };
        const plan = makePlan(
          [
            makeChange({
              actions: acts,
              before: before.value,
              after: after.value,
              hiddenBefore: before.mark,
              hiddenAfter: after.mark,
            }),
            makeChange({
              address: `azurerm_resource_group.x[${JSON.stringify(one)}]`,
              after: { ...copied, tags: { a: one } },
            }),
          ],
          {
            output_changes: {
              copy: {
                actions: ["create"],
                before: null,
                after: copied,
                after_unknown: false,
                before_sensitive: false,
                after_sensitive: false,
              },
            },
            checks: [
              {
                address: { to_display: "check.x" },
                status: "fail",
                instances: [
                  { address: { to_display: "check.x" }, status: "fail", problems: [{ message: `is ${one}` }] },
                ],
              },
            ],
          },
        );
        const texts = listTexts(readValue(readPlan(plan)));
        for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  function listTexts(value: unknown): readonly string[] {
    if (typeof value === "string") return [value];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, one]) => [name, ...listTexts(one)]);
  }
});
