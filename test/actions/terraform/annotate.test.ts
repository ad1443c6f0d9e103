import { describe, expect, test } from "@jest/globals";
import { listAnnotations } from "../../../src/actions/terraform/annotate.ts";
import type { Diagnostic } from "../../../src/terraform/stream-event.ts";
import { AZURE_TEXTS } from "../../terraform/domain/diagnostics/azure-texts.ts";
import { error } from "./stories.ts";

const at = (file: string, line = 12): Partial<Diagnostic> => ({ range: { file, line } });

describe("annotations", () => {
  test("stand at the line of the repository's file, and say what mends it", () => {
    const found = listAnnotations(
      [error(AZURE_TEXTS.quota, { address: "module.aks.a.b", ...at("../modules/aks/main.tf") })],
      "infra/dev",
    );
    expect(found).toEqual([
      {
        level: "error",
        title: "ErrCode_InsufficientVCPUQuota",
        message: expect.stringMatching(
          /^module\.aks\.a\.b: ErrCode_InsufficientVCPUQuota: .*\nThe subscription has no quota[^\n]*\nTo do: see what is used/,
        ),
        file: "infra/modules/aks/main.tf",
        line: 12,
      },
    ]);
  });

  test.each([
    [".", "main.tf", "main.tf"],
    ["", "main.tf", "main.tf"],
    ["infra", "main.tf", "infra/main.tf"],
    ["infra", "../../elsewhere/main.tf", undefined],
    ["infra", ".terraform/modules/x/main.tf", undefined],
    ["infra", "/opt/main.tf", undefined],
  ])("in %j, about %s, name the file %s", (directory, file, expected) => {
    const [found] = listAnnotations([error("No", at(file))], directory);
    expect([found?.file, found?.line]).toEqual([expected, expected === undefined ? undefined : 12]);
    // Nobody has to guess where it is even so.
    if (expected === undefined) expect(found?.message).toContain(`${file}:12`);
  });

  test("are no more than GitHub takes of each level, with one error left for the step itself", () => {
    const errors = Array.from({ length: 30 }, (_, index) =>
      error(`no ${index}`, index > 20 ? at("main.tf", index) : {}),
    );
    const warnings = errors.map((one) => ({ ...one, severity: "warning" as const }));
    const found = listAnnotations([...errors, ...warnings], "infra");
    const levels = found.map(({ level }) => level);
    expect(levels.filter((level) => level === "error")).toHaveLength(9);
    expect(levels.filter((level) => level === "warning")).toHaveLength(10);
    expect(found[0]).toMatchObject({ title: "no 21", file: "infra/main.tf" });
    expect(found[8]).toMatchObject({ title: "30 errors", message: expect.stringContaining("22 more errors") });
  });

  test("are no longer than GitHub shows, and keep the end of it: what to do", () => {
    const [found] = listAnnotations([error("x".repeat(50_000), { detail: `${"y".repeat(50_000)} ScopeLocked` })], ".");
    expect(found?.message.length).toBeLessThanOrEqual(4096);
    expect(found?.message).toMatch(/az lock delete --ids <lock id>`\.$/);
    expect(found?.title.length).toBeLessThanOrEqual(200);
  });

  test("say nothing of what only follows from another error", () => {
    expect(listAnnotations([error("execution halted"), error("operation canceled")], ".")).toEqual([]);
  });
});
