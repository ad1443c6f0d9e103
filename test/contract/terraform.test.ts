import { describe, expect, test } from "@jest/globals";
import { type Block, readBody } from "../../src/terraform/hcl/body.ts";
import { readScalar } from "../../src/terraform/hcl/literal.ts";
import { listSources, readSource } from "./repository.ts";

const files = listSources([".tf"])
  .filter((path) => path.startsWith("terraform/") && !path.includes(".terraform/"))
  .map((path) => ({ path, blocks: readBody(readSource(path)).blocks }));
const listBlocks = (type: string): readonly { readonly path: string; readonly block: Block }[] =>
  files.flatMap(({ path, blocks }) => blocks.filter((block) => block.type === type).map((block) => ({ path, block })));
const typeOf = (path: string, variable: string): string =>
  listBlocks("variable")
    .filter(({ path: at, block }) => at === path && block.labels[0] === variable)
    .map(({ block }) => (block.attributes.get("type") ?? []).map(({ source }) => source).join(" "))
    .join();
const quoted = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, word]) => `${word}`);

describe("terraform's files", () => {
  test("say of each variable and output what it is", () => {
    const silent = [...listBlocks("variable"), ...listBlocks("output")].filter(
      ({ path, block }) =>
        !path.includes("/tests/") && (readScalar(block.attributes.get("description")) ?? "").length < 10,
    );
    expect(listBlocks("variable").length).toBeGreaterThan(80);
    expect(silent.map(({ path, block }) => `${path}: ${block.labels[0]}`)).toEqual([]);
  });

  test("give each variable a type", () => {
    const loose = listBlocks("variable").filter(({ block }) => !block.attributes.has("type"));
    expect(loose.map(({ path, block }) => `${path}: ${block.labels[0]}`)).toEqual([]);
  });

  test("configure providers in stacks alone, so that modules can be used with any", () => {
    const providers = listBlocks("provider").map(({ path }) => path);
    expect(providers.sort()).toEqual([
      "terraform/stacks/aks-environment/providers.tf",
      "terraform/stacks/foundation/providers.tf",
    ]);
  });

  test("come without a lock file, whose hashes would be those of one machine's mirror", () => {
    expect(readSource("terraform/.gitignore").split("\n")).toContain(".terraform.lock.hcl");
  });

  test("have the pools of a stack in the form of the module that makes them", () => {
    for (const variable of ["system_pool", "node_pools"]) {
      const form = typeOf("terraform/modules/aks/variables.tf", variable);
      expect(form).toMatch(/object/);
      expect(typeOf("terraform/stacks/aks-environment/variables.tf", variable)).toBe(form);
      const words = (text: string) => text.replaceAll(/\s+/g, " ");
      expect(words(typeOf("terraform/stacks/foundation/variables.tf", "shared_cluster"))).toContain(words(form));
    }
  });
});

describe("the reaper's role", () => {
  const ACTION = /"(Microsoft\.[A-Za-z]+\/[A-Za-z/]+)"/g;
  const actionsOf = (text: string, from: string) => quoted(text.slice(text.indexOf(from)).split("]")[0] ?? "", ACTION);

  test("is the one of docs/identity.md", () => {
    const made = actionsOf(
      readSource("terraform/stacks/foundation/identities.tf"),
      '"azurerm_role_definition" "reaper"',
    );
    const page = readSource("docs/identity.md");
    expect(made.length).toBeGreaterThan(5);
    expect(actionsOf(page, '"Actions": [')).toEqual(made);
    expect(actionsOf(page, "actions = [")).toEqual(made);
  });
});

describe("the foundation's page", () => {
  test("lists the variables that the stack tells, and no other", () => {
    const stack = readSource("terraform/stacks/foundation/outputs.tf").split('output "shared_registry"')[0] ?? "";
    const told = quoted(stack, /^ +([A-Z][A-Z_]+) +=/gm);
    const page = readSource("docs/foundation.md").split("## The variables")[1] ?? "";
    expect(told.length).toBeGreaterThan(5);
    expect(quoted(page, /^\| `([A-Z_]+)` \|/gm).toSorted()).toEqual(told.toSorted());
  });
});
