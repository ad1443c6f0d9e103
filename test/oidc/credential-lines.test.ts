import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { listReadyLines, nameCredential } from "../../src/oidc/credential-lines.ts";
import { bicepQuote, shellQuote, terraformQuote } from "../../src/paste/quote.ts";
import { makeClaims } from "./claims.ts";

const CLIENT = "22222222-2222-2222-2222-222222222222";

/** What a real bash hands to az when the lines are pasted: an argument list for each call. */
function paste(script: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), "paste-"));
  const calls = join(folder, "calls");
  // The stub names the identity, so that the lines which ask for it first go on.
  const az = `az() { printf '%s\\0' "$@" >> ${calls}; printf '\\1' >> ${calls}; [ "$2" = list ] && printf 'id-1\\tgroup-1\\n'; return 0; }`;
  try {
    writeFileSync(calls, "");
    execFileSync("bash", ["-c", `${az}\n${script}`], { cwd: folder });
    const text = readFileSync(calls, "utf8");
    return text
      .split("\u0001")
      .slice(0, -1)
      .map((call) => call.split("\0").slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HOSTILE = [
  "$(touch owned)",
  "`touch owned`",
  "'; touch owned; '",
  '"; touch owned; "',
  "a'b\"c$HOME!!\\",
  "\n touch owned \n",
  "$" + "{az:-x}%{ if true }",
];

describe("ready lines", () => {
  test("give each tool the exact subject, issuer and audience, in both forms", () => {
    const claims = makeClaims();
    const lines = listReadyLines(CLIENT, claims);
    expect(lines.map(({ tool, kind }) => `${tool}: ${kind}`)).toEqual([
      "az: managed identity",
      "az: app",
      "terraform, azurerm 5: managed identity",
      "terraform, azurerm 4: managed identity",
      "terraform, azuread 3: app",
      "bicep: managed identity",
      "bicep, Microsoft Graph 1.0: app",
    ]);
    for (const { text } of lines) {
      for (const value of [claims.subject, claims.issuer, claims.audience]) expect(text).toContain(value);
    }
  });

  test("use the argument of the azurerm version that they name", () => {
    const [five, four] = listReadyLines(CLIENT, makeClaims()).filter(({ tool }) =>
      tool.startsWith("terraform, azurerm"),
    );
    expect(five?.text).toMatch(/ user_assigned_identity_id =/);
    expect(five?.text).not.toContain("parent_id");
    expect(four?.text).toMatch(/ parent_id +=/);
    expect(four?.text).toContain("resource_group_name =");
  });

  test.each(HOSTILE)("pasted into bash, %j is nothing but a value", (hostile) => {
    const subject = `repo:octo/app:ref:refs/heads/${hostile}`;
    const [identity, app] = listReadyLines(CLIENT, { ...makeClaims(), subject });
    const [, create] = paste(identity?.text ?? "");
    expect(create?.slice(0, 7)).toEqual([
      "identity",
      "federated-credential",
      "create",
      "--identity-name",
      "id-1",
      "--resource-group",
      "group-1",
    ]);
    expect(create?.[create.indexOf("--subject") + 1]).toBe(subject);
    const [call, ...others] = paste(app?.text ?? "");
    expect(others).toEqual([]);
    expect(JSON.parse(call?.[call.indexOf("--parameters") + 1] ?? "")).toMatchObject({ subject });
  });

  test("name the credential in a way that Entra takes, whatever the subject", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = nameCredential(`repo:o/r:environment:${text}`);
        expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/);
      }),
    );
    expect(nameCredential("repo:octo@1/app@2:ref:refs/heads/feature/x")).toBe("gh-app-feature-x");
  });
});

describe("a quoted value", () => {
  test("holds no interpolation of terraform or Bicep, and closes only at its end", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...HOSTILE)), (text) => {
        expect(
          terraformQuote(text)
            .replaceAll("$" + "${", "")
            .replaceAll("%%{", ""),
        ).not.toMatch(/[$%]\{/);
        expect(bicepQuote(text)).toMatch(/^'(?:[^'\\]|\\.)*'$/s);
        expect(bicepQuote(text).replaceAll("\\$", "")).not.toContain("$" + "{");
      }),
    );
  });

  test("stays plain in the shell where it needs no quotes", () => {
    expect(shellQuote("repo:octo/app:environment:preview")).toBe("repo:octo/app:environment:preview");
    expect(shellQuote("")).toBe("''");
  });
});
