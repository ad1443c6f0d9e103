import { describe, expect, test } from "@jest/globals";
import { isPassingDestroyFault } from "../../../../src/terraform/diagnostics/passing-destroy-fault.ts";
import { readWork } from "../streams.ts";
import { AZURE_TEXTS } from "./azure-texts.ts";

describe("a destroy that failed", () => {
  test.each(["contains", "deadline", "busy429", "broken", "busy", "subnet"] as const)("is tried again: %s", (name) => {
    expect(isPassingDestroyFault({ summary: AZURE_TEXTS[name], detail: "" })).toBe(true);
  });

  test.each(["locked", "forbidden", "policy", "login", "idToken", "storage", "firewall", "quota"] as const)(
    "is not tried again: %s",
    (name) => {
      expect(isPassingDestroyFault({ summary: AZURE_TEXTS[name], detail: "" })).toBe(false);
    },
  );

  test("is not tried again for a lock, a policy or a missing right, whatever else is said with it", () => {
    for (const decided of [AZURE_TEXTS.locked, AZURE_TEXTS.forbidden, AZURE_TEXTS.policy]) {
      for (const passing of [AZURE_TEXTS.contains, AZURE_TEXTS.busy429, AZURE_TEXTS.deadline]) {
        expect(isPassingDestroyFault({ summary: passing, detail: decided })).toBe(false);
        expect(isPassingDestroyFault({ summary: decided, detail: passing })).toBe(false);
      }
    }
  });

  test.each(["lock-local", "lock-http", "apply-failed", "state-not-persisted"])("is not tried again: %s", (name) => {
    for (const diagnostic of readWork(name).diagnostics) expect(isPassingDestroyFault(diagnostic)).toBe(false);
  });

  test("is not tried again for what protects itself", () => {
    const detail = "Resource x has lifecycle.prevent_destroy set";
    expect(isPassingDestroyFault({ summary: "Instance cannot be destroyed", detail })).toBe(false);
  });
});
