import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { scanConfiguration } from "../../../src/terraform/declared-variables.ts";
import { anyCharacter } from "../../any-character.ts";
import { configuration } from "./hcl.ts";
import { readFixture } from "./parsed.ts";
import { SCENES } from "./scenes.ts";

const scan = (text: string, name = "main.tf") => scanConfiguration([{ name, text }]);

describe("the configuration of a root module", () => {
  test("declares the variables that stand in it, whatever stands between them", () => {
    fc.assert(
      fc.property(configuration, fc.boolean(), ({ declared, text }, windows) => {
        const found = scan(windows ? text.replaceAll("\n", "\r\n") : text).variables;
        expect(found.map(({ file: _, line: __, ...one }) => one)).toEqual(declared);
        const lines = text.split("\n");
        for (const { name, line } of found) expect(lines[line - 1]).toMatch(new RegExp(`^variable "?${name}"? {`));
      }),
      { numRuns: 500 },
    );
  });

  test("declares what the real terraform found in it", () => {
    const scene = SCENES.find(({ name }) => name === "create");
    const { configuration: real } = JSON.parse(readFixture("create.plan.json"));
    const { variables, outputs } = scan(scene?.after ?? "");
    const marks = (all: readonly { readonly name: string; readonly sensitive: boolean }[]) =>
      Object.fromEntries(all.map(({ name, sensitive }) => [name, sensitive]));
    const realMarks = (all: Readonly<Record<string, { readonly sensitive?: boolean }>>) =>
      Object.fromEntries(Object.entries(all).map(([name, { sensitive = false }]) => [name, sensitive]));
    expect(marks(variables)).toEqual(realMarks(real.root_module.variables));
    expect(marks(outputs)).toEqual(realMarks(real.root_module.outputs));
  });

  test("is looked through whatever it holds", () => {
    const odd = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.string({ unit: fc.constantFrom(...'"{}${%<E\n=[]()\\#/*a, ') }),
    );
    fc.assert(
      fc.property(odd, fc.constantFrom("a.tf", "a.tf.json"), (text, name) => {
        expect(() => scan(text, name)).not.toThrow();
      }),
    );
  });

  test("declares outputs, versions and a backend", () => {
    const text = `
terraform {
  required_version = ">= 1.9, < 2.0"
  required_providers { azurerm = { source = "hashicorp/azurerm", version = "5.2.0" } }
  backend "azurerm" {
    container_name = "tfstate"
    key            = "mayfly/\${"1"}.tfstate"
    use_oidc       = true
  }
}
output "plain" { value = var.x }
output "secret" {
  value     = { sensitive = false }
  sensitive = true
}
`;
    expect(scan(text)).toEqual({
      variables: [],
      outputs: [
        { name: "plain", sensitive: false, file: "main.tf", line: 11 },
        { name: "secret", sensitive: true, file: "main.tf", line: 12 },
      ],
      backend: { type: "azurerm", values: { container_name: "tfstate", use_oidc: "true" }, file: "main.tf", line: 5 },
      requiredVersions: [">= 1.9, < 2.0"],
    });
  });

  test("may be written in JSON", () => {
    const text = JSON.stringify(
      {
        "//": "a comment",
        terraform: [{ backend: { azurerm: { key: "k", use_oidc: true } }, required_version: ">= 1.5" }],
        variable: { a: { sensitive: true, default: null }, b: [{ type: "string", ephemeral: "true" }] },
        output: [{ o: { value: "x", sensitive: true } }],
      },
      null,
      2,
    );
    const found = scan(text, "main.tf.json");
    expect(found.variables).toEqual([
      { name: "a", sensitive: true, ephemeral: false, hasDefault: true, file: "main.tf.json", line: 15 },
      { name: "b", sensitive: false, ephemeral: true, hasDefault: false, file: "main.tf.json", line: 19 },
    ]);
    expect(found.outputs).toMatchObject([{ name: "o", sensitive: true }]);
    expect(found.backend).toMatchObject({ type: "azurerm", values: { key: "k", use_oidc: "true" } });
    expect(found.requiredVersions).toEqual([">= 1.5"]);
  });

  test("has a place in HCP Terraform where it says so", () => {
    expect(scan('terraform {\n  cloud {\n    organization = "o"\n  }\n}').backend).toMatchObject({
      type: "cloud",
      values: { organization: "o" },
    });
  });

  test("is overridden by the files that say so, which are read last", () => {
    const files = [
      { name: "a_override.tf", text: 'variable "x" { sensitive = true }\nterraform {\n  backend "local" {}\n}' },
      { name: "override.tf.json", text: '{"variable": {"x": {"default": 1}}}' },
      { name: "main.tf", text: 'variable "x" { type = string }\nterraform {\n  backend "azurerm" { key = "k" }\n}' },
    ];
    const found = scanConfiguration(files);
    expect(found.variables).toMatchObject([{ name: "x", sensitive: true, hasDefault: true, file: "main.tf" }]);
    expect(found.backend).toMatchObject({ type: "local", values: {} });
  });

  test("is made of the files that the tool reads", () => {
    const files = [
      "main.tf",
      "main.tofu",
      "only.tofu",
      "b.tf.json",
      ".hidden.tf",
      "old.tf~",
      "#x.tf#",
      "a.tfvars",
      "a.tftest.hcl",
    ].map((name) => ({
      name,
      text: name.endsWith(".json") ? '{"variable": {"json": {}}}' : `variable "v_${name.replaceAll(/\W/g, "_")}" {}`,
    }));
    const names = (product: "terraform" | "tofu") =>
      scanConfiguration(files, product).variables.map(({ name }) => name);
    expect(names("terraform")).toEqual(["json", "v_main_tf"]);
    expect(names("tofu")).toEqual(["json", "v_main_tofu", "v_only_tofu"]);
  });
});
