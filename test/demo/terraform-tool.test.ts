import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { bringTerraform, terraform } from "../../scripts/demo/terraform-tool.ts";

const path = process.env["PATH"];
afterEach(() => {
  process.env["PATH"] = path;
});

describe("the terraform of a machine", () => {
  test("is not there where PATH has none", () => {
    process.env["PATH"] = "/nowhere";
    expect(terraform.isThere()).toBe(false);
  });

  test.each([
    ["1.3.9", false],
    ["1.4.0", true],
    ["1.15.0-rc1", true],
  ])("of the version %s is good enough: %s", (version, enough) => {
    const folder = mkdtempSync(join(tmpdir(), "mayfly-terraform-"));
    const program = join(folder, "terraform");
    writeFileSync(program, `#!/bin/sh\necho '{"terraform_version":"${version}"}'\n`);
    chmodSync(program, 0o755);
    process.env["PATH"] = folder;
    expect(terraform.isThere()).toBe(enough);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["darwin", "arm64", /^brew install hashicorp\/tap\/terraform$/],
    [
      "linux",
      "x64",
      /_linux_amd64\.zip && sudo unzip -o terraform_1\.11\.4_linux_amd64\.zip terraform -d \/usr\/local\/bin$/,
    ],
    ["linux", "arm64", /terraform\/1\.11\.4\/terraform_1\.11\.4_linux_arm64\.zip /],
  ])("is brought to %s on %s by a line", (platform, arch, line) => {
    expect(bringTerraform(platform, arch)).toMatch(line);
  });
});
