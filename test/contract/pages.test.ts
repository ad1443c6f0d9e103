import { describe, expect, test } from "@jest/globals";
import { render } from "./finding.ts";
import { listYaml, readSource } from "./repository.ts";
import { askGithub } from "./rules/github-parser.ts";
import { asTree, parseYamlFile, type Tree } from "./yaml-file.ts";

/** Pages with files or steps to copy. */
const PAGES = [
  "README.md",
  "docs/nightly-cleanup.md",
  "docs/deploying.md",
  "docs/environments.md",
  "docs/images.md",
  "docs/previews.md",
  "docs/smoke-tests.md",
  "docs/troubleshooting.md",
  "actions/acr-build-push/README.md",
  "actions/acr-import/README.md",
  "actions/acr-purge/README.md",
  "actions/aks-set-context/README.md",
  "actions/azure-login/README.md",
  "actions/deploy-environment/README.md",
  "actions/destroy-environment/README.md",
  "actions/helm-deploy/README.md",
  "actions/image-list/README.md",
  "actions/smoke-test/README.md",
  "actions/terraform/README.md",
  "actions/ttl-reaper/README.md",
  "examples/smoke-tests/README.md",
  "terraform/stacks/aks-environment/README.md",
];

interface Block {
  readonly page: string;
  readonly tree: Tree;
  readonly text: string;
}

/** The YAML blocks of a page, parsed. A block that is no YAML throws. */
function listBlocks(page: string): readonly Block[] {
  const text = readSource(page);
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, body = ""]) => ({
    page,
    text: body,
    tree: parseYamlFile(page, body).tree,
  }));
}

const blocks = PAGES.flatMap(listBlocks);
const offered = new Map(listYaml().map((file) => [file.path, inputsOf(file.tree)]));

function inputsOf(tree: Tree): ReadonlySet<string> {
  const call = asTree(asTree(tree["on"])["workflow_call"]);
  return new Set([...Object.keys(asTree(call["inputs"])), ...Object.keys(asTree(tree["inputs"]))]);
}

/** Files of examples that a page repeats. */
const REPEATED = [
  ["README.md", "examples/nightly-cleanup/.github/workflows/nightly-cleanup.yml"],
  ["README.md", "examples/previews/.github/workflows/preview.yml"],
  ["README.md", "examples/previews/.github/workflows/preview-end.yml"],
  ["docs/previews.md", "examples/previews/.github/workflows/preview.yml"],
  ["docs/previews.md", "examples/previews/.github/workflows/preview-end.yml"],
  ["docs/deploying.md", "examples/deploy/.github/workflows/preview.yml"],
  ["docs/environments.md", "examples/environments/.github/workflows/preview.yml"],
  ["docs/images.md", "examples/build-and-publish/.github/workflows/release.yml"],
] as const;

/** Everything with `uses:` in a block: called workflows and steps, wherever they stand. */
function listUses(value: unknown): readonly Tree[] {
  if (Array.isArray(value)) return value.flatMap(listUses);
  if (value === null || typeof value !== "object") return [];
  const tree = value as Tree;
  return [...(typeof tree["uses"] === "string" ? [tree] : []), ...Object.values(tree).flatMap(listUses)];
}

describe("what people copy from a page", () => {
  test("is there at all", () => {
    expect(blocks.filter(({ tree }) => "jobs" in tree).map(({ page }) => page)).toContain("README.md");
    expect(blocks.flatMap(({ tree }) => listUses(tree)).length).toBeGreaterThan(3);
  });

  test("is understood by GitHub's own parser where it is a whole workflow", async () => {
    const workflows = blocks.filter(({ tree }) => "jobs" in tree);
    const findings = await Promise.all(
      workflows.map(async ({ page, text }, index) => {
        // Of one name the parser remembers the first.
        const file = parseYamlFile(`.github/workflows/${index}-${page.replaceAll("/", "-")}.yml`, text);
        return render(file, await askGithub(file));
      }),
    );
    // What lies in another repository cannot be looked up from here.
    expect(findings.flat().filter((finding) => !/not found|fetch/i.test(finding))).toEqual([]);
  });

  test.each(REPEATED)("of %s is the file %s, to the letter", (page, example) => {
    const texts = blocks.filter((block) => block.page === page).map(({ text }) => text);
    expect(texts).toContain(readSource(example));
  });

  test("names only inputs that are offered, as the examples do", () => {
    const examples = listYaml().flatMap(({ path, tree }) =>
      path.startsWith("examples/") ? [{ page: path, tree }] : [],
    );
    const unknown = [...blocks, ...examples].flatMap(({ page, tree }) =>
      listUses(tree).flatMap((use) => {
        const [, path = ""] = /^OWNER\/mayfly\/([^@]+)@/.exec(String(use["uses"])) ?? [];
        const inputs = offered.get(path) ?? offered.get(`${path}/action.yml`);
        if (inputs === undefined)
          return String(use["uses"]).startsWith("OWNER/") ? [`${page}: ${String(use["uses"])} is not there`] : [];
        return Object.keys(asTree(use["with"]))
          .filter((name) => !inputs.has(name))
          .map((name) => `${page}: ${path} has no input ${name}`);
      }),
    );
    expect(unknown).toEqual([]);
  });
});
