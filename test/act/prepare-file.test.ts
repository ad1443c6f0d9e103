// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { completeGithubContext } from "../runner/github-context.ts";
import { prepareFile } from "./prepare-file.ts";

const FILE = ".github/workflows/preview.yml";
const FACTS = {
  place: "OWNER/mayfly",
  workflowSha: "5f0c1b2a3d4e5f60718293a4b5c6d7e8f9010203",
  workflowRef: "refs/tags/v1",
  workflowFile: ".github/workflows/deploy.yml",
  github: { ...completeGithubContext({ repository_id: "77", workflow: "Mona's" }) },
};
const prepare = (text: string, file = FILE): string => prepareFile(text, file, FACTS);
/** What becomes of one line of a step. */
const step = (line: string): string =>
  prepare(`jobs:\n  a:\n    steps:\n      - ${line}\n`).split("\n")[3]?.slice(8) ?? "";

describe("a line of a file for act", () => {
  test.each([
    ["uses: $/actions/preview # why", "uses: OWNER/mayfly/actions/preview@self # why"],
    ['uses: "$/actions/preview"', "uses: OWNER/mayfly/actions/preview@self"],
    ["uses: actions/checkout@v7", "uses: actions/checkout@v7"],
    ["run: echo $/actions/preview", "run: echo $/actions/preview"],
    ["if: job.workflow_sha == 'x'", `if: \${{ '${FACTS.workflowSha}' == 'x' }}`],
    ["if: ${{ github.repository_id == 7 }}", "if: ${{ '77' == 7 }}"],
    ["run: echo ${{ job.workflow_file_path }}", `run: echo \${{ '${FILE}' }}`],
    ["run: echo ${{ job.workflow_ref }}", `run: echo \${{ 'OWNER/mayfly/${FILE}@refs/tags/v1' }}`],
    ["run: 'echo ${{ github.repository_id }}'", "run: 'echo ${{ ''77'' }}'"],
    ['run: "echo ${{ github.repository_id }}"', `run: "echo \${{ '77' }}"`],
    [
      "run: echo ${{ github.workflow }} ${{ github.workflow_sha }}",
      /^run: echo \$\{\{ 'Mona''s' }} \$\{\{ '[0-9a-f]{40}' }}$/,
    ],
    ["run: echo job.workflow_sha github.repository_id", "run: echo job.workflow_sha github.repository_id"],
    [
      "run: echo ${{ format('github.repository_id {0}', 1) }}",
      "run: echo ${{ format('github.repository_id {0}', 1) }}",
    ],
    ["run: echo ${{ inputs.github.repository_id }}", "run: echo ${{ inputs.github.repository_id }}"],
    ["run: echo ${{ github.repository_idx }}", "run: echo ${{ github.repository_idx }}"],
    ["if: contains(inputs.case, 'case (')", "if: contains(inputs.case, 'case (')"],
    ["with: {queue: max, deployment: false}", "with: {queue: max, deployment: false}"],
  ])("%s", (line, expected) => {
    if (typeof expected === "string") expect(step(line)).toBe(expected);
    else expect(step(line)).toMatch(expected);
  });

  test("of an action names a workflow that the consumer calls", () => {
    const text = "inputs:\n  x:\n    default: ${{ job.workflow_ref }}\n";
    expect(prepare(text, "actions/login/action.yml")).toContain(
      "'OWNER/mayfly/.github/workflows/deploy.yml@refs/tags/v1'",
    );
  });
});

const KEYS = `permissions:
  artifact-metadata: write
jobs:
  a:
    concurrency:
      group: x # the same everywhere
      queue: max
    environment: { name: preview, deployment: false }
  b:
    environment:
      deployment: false # why
      name: preview
    concurrency: { queue: max, group: y }
    permissions: { artifact-metadata: write }
    steps:
      - run: echo
`;

test("keys that act does not know are gone, where they mean what it does not know, and every line keeps its number", () => {
  const prepared = prepare(KEYS);
  expect(parse(prepared)).toEqual({
    permissions: {},
    jobs: {
      a: { concurrency: { group: "x" }, environment: { name: "preview" } },
      b: {
        environment: { name: "preview" },
        concurrency: { group: "y" },
        permissions: {},
        steps: [{ run: "echo" }],
      },
    },
  });
  expect(prepared.split("\n")).toHaveLength(KEYS.split("\n").length);
  for (const [index, line] of KEYS.split("\n").entries())
    if (!/queue|deployment|artifact/.test(line)) expect(prepared.split("\n")[index]).toBe(line);
});

describe("the last job", () => {
  const calls = "jobs:\n  a:\n    runs-on: x\n  b:\n    uses: ./x.yml\n  c:\n    uses: $/y.yml";
  test("is appended where a called workflow calls", () => {
    const jobs = parse(prepare(`on:\n  workflow_call:\n${calls}`)).jobs;
    expect(jobs["act-last"]).toMatchObject({ needs: ["b", "c"], if: "always()" });
  });
  test.each([
    ["nobody calls it", `on: push\n${calls}`],
    ["it calls nothing", "on:\n  workflow_call:\njobs:\n  a:\n    runs-on: x\n"],
  ])("is not, where %s", (_, text) => {
    expect(prepare(text)).not.toContain("act-last");
  });
});

describe("it stops, and names file and line, at", () => {
  test.each([
    ["case()", "      - if: case(true, 1, 2)", "case()"],
    ["case() in a text", "      - run: echo ${{ case (true, 1, 2) }}", "case()"],
    ["parallel steps", "      - parallel:\n          - run: echo", "parallel"],
    ["a step in the background", "      - {run: echo, background: true}", "background"],
    ["what differs between jobs", "      - run: echo ${{ strategy.job-index }}", "strategy.job-index"],
    ["a merge key", "      - {<<: {}, run: echo}", "merge"],
  ])("%s", (_, line, says) => {
    const text = `jobs:\n  a:\n    steps:\n${line}\n`;
    expect(() => prepare(text)).toThrow(`${FILE}:4: `);
    expect(() => prepare(text)).toThrow(says);
  });
});
