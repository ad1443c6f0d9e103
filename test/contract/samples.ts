import { parseYamlFile } from "./yaml-file.ts";

const WORKFLOW = ".github/workflows/sample.yml";
const CI = ".github/workflows/ci-sample.yml";
const ACTION = "actions/sample/action.yml";
const SHA = "0123456789abcdef0123456789abcdef01234567";

/** A workflow that keeps every rule. */
export const goodWorkflow = parseYamlFile(
  CI,
  `on:
  workflow_call:
    inputs:
      name-prefix: { type: string, description: A prefix. }
permissions: {}
concurrency: { group: "ci-\${{ github.ref }}", cancel-in-progress: true }
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # to check out
    steps:
      - uses: actions/checkout@${SHA} # v7.0.1
      - uses: ./actions/azure-login
      - env:
          PREFIX: \${{ inputs.name-prefix }}
        run: echo "$PREFIX"
  ci-ok:
    needs: [check]
    if: always()
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
    steps:
      - run: "true"
`,
);

/** A composite whose step says no shell. */
export const badCompositeText = `name: a
description: b.
runs:
  using: composite
  steps:
    - run: echo
`;

interface BadSample {
  readonly rule: string;
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly finds: readonly string[];
}

const steps = (...lines: readonly string[]): string =>
  `jobs:\n  a:\n    steps:\n${lines.map((line) => `      ${line}\n`).join("")}`;

const expression = (inside: string): string => `\${{ ${inside} }}`;

/** One bad file or more for each rule, and what the rule must say of it. */
export const badSamples: readonly BadSample[] = [
  {
    rule: "uses",
    name: "what is not pinned, not versioned, not here, or the caller's",
    path: WORKFLOW,
    text: `${steps(
      "- uses: actions/checkout@v7",
      `- uses: actions/checkout@${SHA}`,
      "- uses: $/actions/no-such-action",
      "- uses: ./actions/azure-login",
      "- uses: docker://alpine:3",
      `- uses: actions/checkout@${SHA} # v7`,
    )}  b:\n    uses: owner/repo/.github/workflows/x.yml@main\n`,
    finds: [
      `${WORKFLOW}:4: actions/checkout@v7: is not pinned to a full commit SHA`,
      `${WORKFLOW}:5: actions/checkout@${SHA}: says no version behind the SHA (# v1.2.3)`,
      `${WORKFLOW}:6: $/actions/no-such-action: does not exist in this repository`,
      `${WORKFLOW}:7: ./actions/azure-login: is the caller's folder; say $/… for this repository's own`,
      `${WORKFLOW}:8: docker://alpine:3: is not pinned to a full commit SHA`,
      `${WORKFLOW}:11: owner/repo/.github/workflows/x.yml@main: is not pinned to a full commit SHA`,
    ],
  },
  {
    rule: "uses",
    name: "an example that names others by a tag",
    path: "examples/one/.github/workflows/a.yml",
    text: steps("- uses: OWNER/mayfly/actions/azure-login@v1", "- uses: OWNER/other@v1"),
    finds: ["examples/one/.github/workflows/a.yml:5: OWNER/other@v1: is not pinned to a full commit SHA"],
  },
  {
    rule: "runs",
    name: "an old Node and a script that nobody built",
    path: ACTION,
    text: "runs:\n  using: node20\n  main: ../../dist/no-such-action/index.js\n  post: ../../src/kit/start.ts\n",
    finds: [
      `${ACTION}:2: runs on node24 only`,
      `${ACTION}:3: main: dist/no-such-action/index.js is not in dist`,
      `${ACTION}:4: post: src/kit/start.ts is not in dist`,
    ],
  },
  {
    rule: "setup-node",
    name: "another Node than that of the actions",
    path: CI,
    text: steps(`- uses: actions/setup-node@${SHA} # v7`, "  with: { node-version: 22 }"),
    finds: [`${CI}:4: setup-node: node-version is not that of node24`],
  },
  {
    rule: "permissions",
    name: "what is granted at the top, left open, or given without a reason",
    path: WORKFLOW,
    text: "permissions: read-all\njobs:\n  a: {}\n  b:\n    permissions: write-all\n  c:\n    permissions:\n      id-token: write\n      contents: read # to read\n",
    finds: [
      `${WORKFLOW}:1: permissions at the top are not {}`,
      `${WORKFLOW}:3: job a does not list its permissions`,
      `${WORKFLOW}:5: job b does not list its permissions`,
      `${WORKFLOW}:8: permission id-token has no comment that says why`,
    ],
  },
  {
    rule: "permissions",
    name: "a workflow that is silent about them",
    path: WORKFLOW,
    text: "jobs: {}\n",
    finds: [`${WORKFLOW}:1: permissions at the top are not {}`],
  },
  {
    rule: "permissions",
    name: "what takes its caller's without a word, without a caller, or with others beside it that say nothing",
    path: WORKFLOW,
    text: "on:\n  workflow_call:\n  push:\njobs:\n  a:\n    # permissions: the caller's\n    steps: []\n",
    finds: [`${WORKFLOW}:1: permissions at the top are not {}`, `${WORKFLOW}:7: job a does not list its permissions`],
  },
  {
    rule: "permissions",
    name: "a job beside one that takes its caller's",
    path: WORKFLOW,
    text: "on:\n  workflow_call:\njobs:\n  a:\n    # permissions: the caller's\n    steps: []\n  b:\n    steps: []\n",
    finds: [`${WORKFLOW}:8: job b does not list its permissions`],
  },
  {
    rule: "scripts",
    name: "an expression in a shell, in another interpreter, and a script that is a program",
    path: WORKFLOW,
    text: steps(
      `- run: echo ${expression("github.event.pull_request.title")}`,
      "- uses: a/b@c",
      `  with: { script: 'x(${expression("inputs.a")})' }`,
      "- run: |",
      ...Array.from({ length: 9 }, () => "    echo"),
    ),
    finds: [
      `${WORKFLOW}:4: a script holds an expression: give the value in env`,
      `${WORKFLOW}:6: a script holds an expression: give the value in env`,
      `${WORKFLOW}:7: a long script is a .sh file`,
    ],
  },
  {
    rule: "timeouts",
    name: "a job that may hang",
    path: WORKFLOW,
    text: "jobs:\n  a:\n    steps: []\n  b:\n    uses: $/.github/workflows/x.yml\n",
    finds: [`${WORKFLOW}:3: job a has no timeout-minutes`],
  },
  {
    rule: "concurrency",
    name: "a cancel in the middle, a group by ref, and one that evicts",
    path: WORKFLOW,
    text: `concurrency: { group: x, cancel-in-progress: true }
jobs:
  a:
    concurrency: mayfly-\${{ github.ref }}
  b:
    concurrency: { group: "mayfly-\${{ inputs.environment }}" }
`,
    finds: [
      `${WORKFLOW}:1: concurrency cancels work on Azure in the middle`,
      `${WORKFLOW}:4: a concurrency group by ref splits one pull request in two`,
      `${WORKFLOW}:6: who waits for an environment needs queue: max, or the next run evicts it`,
    ],
  },
  { rule: "ci-ok", name: "a missing gate", path: CI, text: "jobs:\n  a: {}\n", finds: [`${CI}:1: has no job ci-ok`] },
  {
    rule: "ci-ok",
    name: "a gate that forgets a job, and is skipped",
    path: CI,
    text: "jobs:\n  a:\n    steps: []\n  b:\n    steps: []\n  ci-ok:\n    needs: [a]\n",
    finds: [`${CI}:5: ci-ok does not need b`, `${CI}:7: ci-ok is skipped when a job fails (if: always())`],
  },
  {
    rule: "names",
    name: "other cases, and what nobody described",
    path: ACTION,
    text: "inputs:\n  dryRun:\n    description: Only say.\n  mode: {}\noutputs:\n  a_b:\n    description: some words\nruns: {}\n",
    finds: [
      `${ACTION}:3: dryRun is not kebab-case`,
      `${ACTION}:4: mode is not described in a sentence`,
      `${ACTION}:7: a_b is not kebab-case`,
      `${ACTION}:7: a_b is not described in a sentence`,
    ],
  },
  {
    rule: "forwarding",
    name: "an input that a composite keeps to itself, and one it makes up",
    path: ACTION,
    text: `inputs:\n  ttl: {}\n  mode: {}\nruns:\n  using: composite\n  steps:\n    - env:\n        A: ${expression("inputs.mode")}${expression("inputs.made-up")}\n`,
    finds: [
      `${ACTION}:2: input ttl is declared and never used`,
      `${ACTION}:1: inputs.made-up is used and not declared`,
    ],
  },
  {
    rule: "forwarding",
    name: "the same in a reusable workflow",
    path: WORKFLOW,
    text: "on:\n  workflow_call:\n    inputs:\n      ttl: {}\n  workflow_dispatch:\n    inputs:\n      b: {}\njobs:\n  a:\n    if: inputs.b\n",
    finds: [`${WORKFLOW}:4: input ttl is declared and never used`],
  },
];
