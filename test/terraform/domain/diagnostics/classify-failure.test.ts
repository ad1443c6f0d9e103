import { describe, expect, test } from "@jest/globals";
import { readAzureError } from "../../../../src/terraform/diagnostics/azure-error.ts";
import { classifyFailure, type FailedRun } from "../../../../src/terraform/diagnostics/classify-failure.ts";
import { FAULTS } from "../../../../src/terraform/diagnostics/faults.ts";
import { readTextDiagnostics } from "../../../../src/terraform/diagnostics/read-text-diagnostics.ts";
import type { Diagnostic } from "../../../../src/terraform/stream-event.ts";
import { readRecorded, readWork } from "../streams.ts";
import { AZURE_TEXTS } from "./azure-texts.ts";

const error = (summary: string, detail = ""): Diagnostic => ({
  severity: "error",
  summary,
  detail,
  address: undefined,
  range: undefined,
});

function classify(run: Partial<FailedRun>) {
  return classifyFailure({ command: "apply", diagnostics: [], texts: [], exitCode: 1, cancelled: false, ...run });
}

function classifyRecorded(name: string, run: Partial<FailedRun> = {}) {
  const { diagnostics, texts, interrupts, done, total } = readWork(name);
  return classify({ diagnostics, texts, cancelled: interrupts > 0, done, total, ...run });
}

describe("a failure that terraform 1.11.4 really printed", () => {
  test.each([
    [
      "apply-failed",
      "apply",
      "apply-failed",
      /local-exec provisioner error[\s\S]*A command of the configuration failed/,
    ],
    ["lock-local", "plan", "state-locked", /Somebody else is working with this state/],
    ["lock-http", "plan", "state-locked", /raise `lock-timeout`/],
    ["plan-stale", "apply", "plan-stale", /plan again, and approve the new plan/],
    ["plan-missing", "apply", "plan-failed", /plan-digest/],
    ["flag-unknown", "plan", "plan-failed", /flag provided but not defined: -nonsense/],
    ["state-not-persisted", "apply", "state-not-persisted", /terraform state push errored\.tfstate/],
    ["unlock-failed", "apply", "state-locked", /its lock could not be given back/],
  ])("%s is %s's %s", (name, command, reason, words) => {
    const found = classifyRecorded(name, { command });
    expect(found.code).toBe(reason);
    expect(found.message).toMatch(words);
    expect(found.message).toMatch(/\nTo do: /);
  });

  test.each([
    ["init-version.txt", "init", "init-failed", /main\.tf:2: Unsupported Terraform Core version/],
    ["init-version-framed.txt", "init", "init-failed", /main\.tf:2: Unsupported Terraform Core version/],
    ["init-required.txt", "plan", "backend-changed", /remove `\.terraform`/],
    ["lock-http.txt", "unlock", "state-locked", /Somebody else/],
  ])("in plain text, %s, is %s's %s", (file, command, reason, words) => {
    const found = classify({ command, texts: readRecorded(file).split("\n") });
    expect(found.code).toBe(reason);
    expect(found.message).toMatch(words);
  });

  test("says how far it came, and at which resource and line it failed", () => {
    const { message } = classifyRecorded("apply-failed");
    expect(message.split("\n")[0]).toMatch(
      /^apply failed after 0 of 1 changes: terraform_data\.broken\[0\] \(main\.tf:24\): local-exec provisioner error: /,
    );
  });
});

describe("what Azure refused", () => {
  test.each([
    ["forbidden", "auth", /no right to do this/],
    ["login", "auth", /AADSTS700213[\s\S]*`azure-login`/],
    ["idToken", "auth", /id-token: write/],
    ["storage", "auth", /Storage Blob Data Contributor/],
    ["firewall", "auth", /firewall/],
    ["policy", "policy-denied", /exempt the scope/],
    ["noAccount", "apply-failed", /no storage account of that name[\s\S]*`storage_account_name`/],
    ["noKey", "apply-failed", /give the input `environment`/],
    ["noContainer", "apply-failed", /`container_name=` in `backend-config`/],
    ["locked", "apply-failed", /az lock list/],
    ["quota", "apply-failed", /ErrCode_InsufficientVCPUQuota: Insufficient vcpu quota requested 4[\s\S]*list-usage/],
    ["polled", "apply-failed", /SkuNotAvailable: Standard_D2s_v5 is not there\.\n.*no such machines/],
    ["exists", "apply-failed", /an `import` block/],
    ["roleThere", "apply-failed", /az role assignment delete/],
    ["principal", "apply-failed", /object id/],
    ["nameTaken", "apply-failed", /choose another name/],
    ["unregistered", "apply-failed", /az provider register/],
    ["contains", "apply-failed", /prevent_deletion_if_contains_resources/],
    ["busy", "apply-failed", /still busy/],
    ["deadline", "apply-failed", /in time/],
    ["inconsistent", "apply-failed", /run it again/],
    ["subnet", "apply-failed", /InUseSubnetCannotBeDeleted/],
  ] as const)("%s is %s", (name, reason, words) => {
    const found = classify({ diagnostics: [error(AZURE_TEXTS[name])] });
    expect(found.code).toBe(reason);
    expect(found.message).toMatch(words);
  });

  test("to whoever wants the lock is no lock", () => {
    const detail = `Error message: 2 errors occurred: ${AZURE_TEXTS.storage}`;
    expect(classify({ command: "plan", diagnostics: [error("Error acquiring the state lock", detail)] }).code).toBe(
      "auth",
    );
    const odd = error(
      "Error acquiring the state lock",
      "Error message: EOF\n\nTerraform acquires a state lock to protect",
    );
    expect(classify({ command: "plan", diagnostics: [odd] }).code).toBe("plan-failed");
  });

  test("is told in full where the reason is only in the details", () => {
    expect(readAzureError(AZURE_TEXTS.polled)).toEqual({
      status: undefined,
      code: "ReconcileVMSSAgentPoolFailed",
      message: "Unable to make the pool.",
      details: ["SkuNotAvailable: Standard_D2s_v5 is not there."],
    });
    expect(readAzureError(AZURE_TEXTS.broken)).toMatchObject({ status: 503, code: "" });
    expect(readAzureError("no word of Azure")).toBeUndefined();
  });
});

describe("of many errors", () => {
  test("what happened to the state counts first, then who may not, then what is known", () => {
    const unknown = error("Something new");
    const quota = error(AZURE_TEXTS.quota);
    const forbidden = error(AZURE_TEXTS.forbidden);
    const lost = error("Failed to persist state to backend");
    const halted = error("execution halted");
    expect(classify({ diagnostics: [halted, unknown] }).message).toMatch(/^apply failed: Something new\nTo do: /);
    expect(classify({ diagnostics: [halted, unknown, quota] }).message).toMatch(
      /Quota[\s\S]*1 more error: see the summary/,
    );
    expect(classify({ diagnostics: [quota, forbidden] }).code).toBe("auth");
    expect(classify({ diagnostics: [forbidden, lost, quota] }).code).toBe("state-not-persisted");
  });

  test("none, the last words are told", () => {
    const { code, message } = classify({
      command: "init",
      texts: ["Initializing", "", "sh: terraform: command went away", ""],
    });
    expect([code, message]).toEqual(["init-failed", expect.stringContaining("command went away")]);
    expect(classify({ command: "destroy" })).toEqual({
      code: "destroy-incomplete",
      message: expect.stringContaining("exit code 1"),
    });
  });
});

describe("a run that was cancelled", () => {
  test("is clean when terraform stored its state and gave back the lock", () => {
    const { code, message } = classifyRecorded("interrupt");
    expect(code).toBe("cancelled-clean");
    expect(message).toMatch(/^apply was cancelled after 1 of 3 changes/);
    expect(classifyRecorded("interrupt-while-waiting", { command: "plan" }).code).toBe("cancelled-clean");
  });

  test.each([
    ["terraform left in the middle", classifyRecorded("two-interrupts"), "cancelled-dirty"],
    ["it was killed", classify({ cancelled: true, exitCode: undefined }), "cancelled-dirty"],
    ["somebody killed it unasked", classify({ exitCode: undefined }), "cancelled-dirty"],
    ["the lock stayed", classifyRecorded("unlock-failed", { cancelled: true }), "cancelled-dirty"],
    ["the state was not stored", classifyRecorded("state-not-persisted", { cancelled: true }), "state-not-persisted"],
  ])("is not when %s", (_, { code }, expected) => {
    expect(code).toBe(expected);
  });
});

describe("what terraform prints for people", () => {
  test("is read with its place, without its frames and its source", () => {
    for (const file of ["init-version.txt", "init-version-framed.txt"]) {
      const errors = readTextDiagnostics(readRecorded(file)).filter(({ severity }) => severity === "error");
      expect(errors).toEqual([
        {
          severity: "error",
          summary: "Unsupported Terraform Core version",
          detail: expect.stringMatching(/^This configuration does not support[^╷│╵]*behavior\.$/),
          address: undefined,
          range: { file: "main.tf", line: 2 },
        },
      ]);
    }
  });

  test("is not the words that stand above those of an init", () => {
    const text = `
Error: Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.

Error: Invalid single-argument block definition

  on main.tf line 5, in resource "terraform_data" "one":
   5: resource "terraform_data" "one" { input = {}

A single-line block definition must end with a closing brace.
`;
    expect(readTextDiagnostics(text)).toEqual([
      expect.objectContaining({
        summary: "Invalid single-argument block definition",
        range: { file: "main.tf", line: 5 },
      }),
    ]);
  });

  test("tells which resource it is about", () => {
    const text =
      "\nError: local-exec\n\n  with terraform_data.x,\n  on a/main.tf line 30, in resource:\n  30:   x\n\nNo.\n";
    expect(readTextDiagnostics(text)).toEqual([
      {
        severity: "error",
        summary: "local-exec",
        detail: "No.",
        address: "terraform_data.x",
        range: { file: "a/main.tf", line: 30 },
      },
    ]);
  });
});

test("each fault that is explained says what to do, in one sentence without an end", () => {
  for (const { because, mend } of FAULTS) {
    expect(because).toMatch(/^[^\n]{10,}[^.]$/);
    expect(mend).toMatch(/^[^\n]{10,}[^.]$/);
  }
});
