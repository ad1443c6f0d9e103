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
