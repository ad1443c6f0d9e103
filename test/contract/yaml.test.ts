import { describe, expect, test } from "@jest/globals";
import { type Rule, render } from "./finding.ts";
import { listYaml } from "./repository.ts";
import { askGithub } from "./rules/github-parser.ts";
import { compareDescriptions, forwardingRule, namesRule } from "./rules/inputs.ts";
import { ciOkRule, concurrencyRule, timeoutRule } from "./rules/jobs.ts";
import { permissionsRule } from "./rules/permissions.ts";
import { runsRule, setupNodeRule } from "./rules/runs.ts";
import { scriptsRule } from "./rules/scripts.ts";
import { usesRule } from "./rules/uses.ts";
import { badCompositeText, badSamples, goodWorkflow } from "./samples.ts";
import { parseYamlFile } from "./yaml-file.ts";

const RULES: Readonly<Record<string, Rule>> = {
  uses: usesRule,
  runs: runsRule,
  "setup-node": setupNodeRule,
  permissions: permissionsRule,
  scripts: scriptsRule,
  timeouts: timeoutRule,
  concurrency: concurrencyRule,
  "ci-ok": ciOkRule,
  names: namesRule,
  forwarding: forwardingRule,
};
const files = listYaml();

describe("each workflow and action.yml of this repository", () => {
  test("is among those that are looked at", () => {
    expect(files.map(({ path }) => path)).toContain(".github/workflows/ci-checks.yml");
  });

  test.each(Object.entries(RULES))("keeps the rule %s", (_, rule) => {
    expect(files.flatMap((file) => render(file, rule(file)))).toEqual([]);
  });

  test("is understood by GitHub's own parser without a word", async () => {
    const findings = await Promise.all(files.map(async (file) => render(file, await askGithub(file))));
    expect(findings.flat()).toEqual([]);
  });

  test("describes an input as the other actions do that have one of this name", () => {
    expect(compareDescriptions(files)).toEqual([]);
  });
});

describe("a rule", () => {
  test.each(badSamples)("$rule finds $name", ({ rule, path, text, finds }) => {
    const file = parseYamlFile(path, text);
    expect(render(file, RULES[rule]?.(file) ?? [])).toEqual(finds);
  });

  test.each(Object.entries(RULES))("%s finds nothing in a good workflow", (_, rule) => {
    expect(rule(goodWorkflow)).toEqual([]);
  });

  test.each(Object.keys(RULES))("%s is shown to fail on a bad sample", (name) => {
    expect(badSamples.map(({ rule }) => rule)).toContain(name);
  });

  test("of equal descriptions finds the action that tells another story, and forgives another default", () => {
    const action = (path: string, description: string) =>
      parseYamlFile(path, `inputs:\n  tenant-id:\n    description: ${description}\nruns: {}\n`);
    const findings = compareDescriptions([
      action("actions/a/action.yml", "The tenant. Defaults to AZURE_TENANT_ID, which azure-login exports."),
      action("actions/b/action.yml", "The tenant."),
      action("actions/c/action.yml", "A tenant."),
    ]);
    expect(findings).toEqual(["actions/c/action.yml:3: tenant-id is described otherwise in actions/a/action.yml"]);
  });
});

test("GitHub's parser finds what it would refuse", async () => {
  expect(await askGithub(goodWorkflow)).toEqual([]);
  const [finding] = await askGithub({ path: "actions/a/action.yml", text: badCompositeText });
  expect(finding?.rule).toMatch(/^GitHub: .*shell/);
});

test("GitHub's parser knows this repository's own workflows, and what an example gives them", async () => {
  const text = `on: push
jobs:
  a:
    permissions: { id-token: write, contents: read }
    uses: OWNER/mayfly/.github/workflows/build-and-publish.yml@v1
    with: { registry: mayfly, immages: a/b }
`;
  const findings = await askGithub({ path: "examples/x/.github/workflows/a.yml", text });
  expect(findings.map(({ rule }) => rule)).toEqual([expect.stringContaining("immages")]);
});
