import { describe, expect, test } from "@jest/globals";
import { listAnnotations } from "../../../src/actions/terraform/annotate.ts";
import { nameInputs } from "../../../src/actions/terraform/name-inputs.ts";
import { renderErrors } from "../../../src/actions/terraform/render-diagnostics.ts";
import { readTextDiagnostics } from "../../../src/terraform/diagnostics/read-text-diagnostics.ts";

describe("a file that an input was handed over by", () => {
  test.each([
    ["on ../../_temp/mayfly-terraform-jv48vY/backend.tfbackend line 1:", "on backend-config line 1:"],
    ['found in file "/runner/_temp/mayfly-terraform-a1/variables.tfvars.json".', 'found in file "variables".'],
    ["D:\\a\\_temp\\mayfly-terraform-a1\\variables.tfvars.json", "variables"],
    ["infra/variables.tfvars.json", "infra/variables.tfvars.json"],
    ["env/backend.tfbackend", "env/backend.tfbackend"],
  ])("%j is %j", (said, expected) => {
    expect(nameInputs(said)).toBe(expected);
  });

  test("is told by the input's name, and is no file of the repository", () => {
    const said =
      'Error: Unsupported argument\n\n  on ../_temp/mayfly-terraform-jv/backend.tfbackend line 1:\n   1: storage_account = "a"\n\nAn argument named "storage_account" is not expected here.\n';
    const diagnostics = readTextDiagnostics(nameInputs(said));

    const [annotation] = listAnnotations(diagnostics, "infra");
    expect(annotation?.message).toMatch(/^backend-config:1: Unsupported argument: .*"storage_account"/);
    expect(annotation?.file).toBeUndefined();
    const [section] = renderErrors({ diagnostics, directory: "infra", status: "failed" }, 1_000);
    expect(section?.rows?.[0]).toContain("- `backend-config:1`: Unsupported argument");
  });
});
