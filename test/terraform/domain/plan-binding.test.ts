import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareBindings, digestBinding, readBinding, renderBinding } from "../../../src/terraform/binding-digest.ts";
import type { PlanBinding } from "../../../src/terraform/plan-binding.ts";
import { anyCharacter } from "../../any-character.ts";
import { messageOf, readValue } from "./parsed.ts";

const binding: PlanBinding = {
  repositoryId: "1",
  headSha: "a".repeat(40),
  backend: "azurerm/acc/tfstate/mayfly/1/pr-2.tfstate",
  workspace: "default",
  directory: "infra",
  product: "terraform",
  version: "1.11.4",
  lockFile: "b".repeat(64),
  variables: "c".repeat(64),
  options: [],
  plan: "d".repeat(64),
};
const text = fc.string({ unit: anyCharacter });
const anyBinding: fc.Arbitrary<PlanBinding> = fc.record({
  repositoryId: text,
  headSha: text,
  backend: text,
  workspace: text,
  directory: text,
  product: text,
  version: text,
  lockFile: text,
  variables: text,
  options: fc.array(text, { maxLength: 3 }),
  plan: text,
});

describe("a binding", () => {
  test("has one digest, whatever the order of its fields", () => {
    const turned = Object.fromEntries(Object.entries(binding).toReversed()) as unknown as PlanBinding;
    expect(digestBinding(turned)).toBe(digestBinding(binding));
    expect(digestBinding(binding)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is read as it was written, with the same digest", () => {
    fc.assert(
      fc.property(anyBinding, (any) => {
        const read = readValue(readBinding(renderBinding(any)));
        expect(read).toEqual(any);
        expect(digestBinding(read)).toBe(digestBinding(any));
      }),
    );
  });

  test("differs from another exactly where its digest does", () => {
    fc.assert(
      fc.property(anyBinding, anyBinding, fc.subarray(Object.keys(binding)), (one, other, kept) => {
        const mixed = { ...other, ...Object.fromEntries(Object.entries(one).filter(([name]) => kept.includes(name))) };
        expect(compareBindings(one, mixed).length === 0).toBe(digestBinding(one) === digestBinding(mixed));
      }),
    );
  });

  test("tells in words what differs", () => {
    const now = { ...binding, headSha: "e".repeat(40), options: ["-target=a.b"], variables: "f".repeat(64) };
    expect(compareBindings(binding, now)).toEqual([
      { field: "commit", approved: "a".repeat(40), now: "e".repeat(40) },
      { field: "variables", approved: "cccccccccccc", now: "ffffffffffff" },
      { field: "targets and replacements", approved: "none", now: "-target=a.b" },
    ]);
  });

  test.each([
    ["no JSON", "x", "is no JSON object"],
    ["without a field", JSON.stringify({ ...binding, headSha: undefined }), "has no commit"],
    ["with a field of another kind", JSON.stringify({ ...binding, options: [1] }), "has no targets and replacements"],
  ])("is refused when it is %s", (_name, stored, words) => {
    expect(messageOf(readBinding(stored), "plan-binding-unreadable")).toContain(words);
  });
});
