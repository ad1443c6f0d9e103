// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as specs and workflows have it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Step } from "../runner/job.ts";
import { inLanes } from "./lanes.ts";
import { openScene, type Scene } from "./scene.ts";
import { playSmoke, type SmokePlay } from "./smoke-play.ts";

jest.setTimeout(180_000);

/** More processes than this only wait for each other. */
const LANES = 3;
const HEAD = "apiVersion: mayfly/v1alpha1\nkind: SmokeTest\nmetadata: { name: web }\n";
const GOOD = `${HEAD}spec:\n  steps:\n    - name: one\n      tags: [fast]\n      try:\n        - tcp: { address: "127.0.0.1:1" }\n`;

interface Wrong {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Step["with"];
  readonly env?: Readonly<Record<string, string>>;
  readonly code: string;
  /** All of it is in the one message. */
  readonly says: readonly (string | RegExp)[];
  /** Where annotations stand, in order. */
  readonly at?: readonly string[];
}

const WRONG: readonly Wrong[] = [
  {
    name: "a key that nobody knows",
    files: { "smoke/web.yaml": GOOD.replace("address:", "adress:") },
    code: "smoke-spec-invalid",
    says: ["Nothing was checked.", /^smoke\/web\.yaml:9:\d+: expected address, got "adress"/m],
    at: ["smoke/web.yaml:9"],
  },
  {
    name: "many mistakes in two files",
    files: {
      "smoke/a.yaml": `${HEAD.replace("web", "a")}spec:\n  steps: []\n`,
      "smoke/b.yaml": [
        `${HEAD}spec:`,
        "  namespace: UPPER",
        "  steps:",
        "    - name: one",
        "      try:",
        '        - http: { url: "https://${host}/", status: 200 }',
        '        - http: { url: "https://a/", status: 200, body: "${{ vars.x }}" }',
        "        - dns: {}",
        "",
      ].join("\n"),
    },
    code: "smoke-spec-invalid",
    says: [
      /^smoke\/a\.yaml:5:10: expected a list of steps/m,
      /^smoke\/b\.yaml:5:\d+: .*UPPER/m,
      /^smoke\/b\.yaml:9:\d+: .*\$\{host\}/m,
      /^smoke\/b\.yaml:10:\d+: .*GitHub fills in in workflows only/m,
      /^smoke\/b\.yaml:11:\d+: expected the key name/m,
    ],
    at: ["smoke/a.yaml:5", "smoke/b.yaml:5", "smoke/b.yaml:9", "smoke/b.yaml:10", "smoke/b.yaml:11"],
  },
  {
    name: "names that nobody gives a value, and an expression of workflows",
    files: {
      "smoke/web.yaml": GOOD.replace(
        '- tcp: { address: "127.0.0.1:1" }',
        '- tcp: { address: "${hots}:80" }\n        - tcp: { address: "${{ vars.host }}:80" }\n        - tcp: { address: "${terraform.fqdn}:443" }',
      ),
    },
    inputs: { variables: "host=shop.example" },
    code: "smoke-spec-invalid",
    says: [/:9:\d+: .*hots/, /:10:\d+: .*\$\{\{/, /:11:\d+: .*terraform/],
    at: ["smoke/web.yaml:9", "smoke/web.yaml:10", "smoke/web.yaml:11"],
  },
  {
    name: "a file that is no YAML",
    files: { "smoke/web.yaml": `${HEAD}spec: [\n` },
    code: "smoke-spec-invalid",
    says: [/^smoke\/web\.yaml:\d+:\d+: /m],
    at: [expect.stringMatching(/^smoke\/web\.yaml:[45]$/) as unknown as string],
  },
  {
    name: "two specs of one name",
    files: { "smoke/web.yaml": GOOD, "smoke/api.yaml": GOOD },
    code: "smoke-spec-invalid",
    says: ['smoke/web.yaml:1:1: metadata.name: "web" is the name of the spec in smoke/api.yaml, too'],
    at: ["smoke/web.yaml:1"],
  },
  {
    name: "files that are not there",
    files: { "smoke/web.yaml": GOOD },
    inputs: { spec: "smoke/*.yaml\nchecks/*.yaml\nextra.yaml" },
    code: "smoke-spec-missing",
    says: ["there is no file checks/*.yaml, extra.yaml", "actions/checkout"],
  },
  {
    name: "a tag that no step has",
    inputs: { only: "slow" },
    code: "smoke-tag-unknown",
    says: ["No step has the tag slow", "Tags are: fast."],
  },
  {
    name: "tags that leave nothing over",
    inputs: { skip: "fast" },
    code: "smoke-nothing-checked",
    says: ["There is nothing to check"],
  },
  {
    name: "inputs that make no sense",
    inputs: {
      variables: "release=2",
      "terraform-outputs": "[1]",
      "on-failure": "rollback",
      only: "fast",
      skip: "fast",
    },
    code: "bad-input",
    says: [/^variables: .*release/m, /^terraform-outputs: /m, /^release: /m, /^skip: .*fast/m],
  },
  {
    name: "no spec, and times that are none",
    inputs: { spec: "", timeout: "soon", "check-timeout": "3h" },
    code: "bad-input",
    says: [/spec/, /timeout.*soon/s, /check-timeout.*3h/s],
  },
  {
    name: "a kubeconfig that is not there",
    env: { KUBECONFIG: "/home/runner/nowhere/config" },
    code: "kubeconfig-missing",
    says: ["/home/runner/nowhere/config"],
  },
  {
    name: "a release without a cluster",
    inputs: { release: "shop" },
    code: "smoke-needs-cluster",
    says: ["release: the job has no kubeconfig", "aks-set-context"],
  },
  {
    name: "a folder of reports that is a file",
    inputs: { "report-dir": "smoke/web.yaml" },
    code: "bad-input",
    says: [/^report-dir: .*smoke\/web\.yaml$/m],
  },
];

let scene: Scene;
let scratch: string;
const plays = new Map<Wrong, SmokePlay>();

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-smoke-input-"));
  scene = await openScene();
  const machineEnv = { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1" };
  await inLanes(WRONG, LANES, async (wrong) => {
    const files = wrong.files ?? { "smoke/web.yaml": GOOD };
    const job = { machineEnv, ...(wrong.env === undefined ? {} : { env: wrong.env }) };
    plays.set(wrong, await playSmoke({ scene, scratch }, files, { spec: "smoke/*.yaml", ...wrong.inputs }, job));
  });
}, 120_000);

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

describe.each(WRONG)("$name", (wrong) => {
  const of = (): SmokePlay => {
    const play = plays.get(wrong);
    if (play === undefined) throw new Error("It was not played");
    return play;
  };

  test("stops the step before anything is checked, and is told in words", () => {
    const { main, post, outputs, errors } = of();
    expect([main.exitCode, outputs["error-code"]]).toEqual([1, wrong.code]);
    const told = errors.at(-1)?.message ?? "";
    for (const part of wrong.says) expect(told).toMatch(part);
    expect(told).not.toContain("fault in Mayfly");
    expect(post?.annotations).toEqual([]);
  });

  test("leaves no report, and no file of ours", () => {
    const { left, orphans } = of();
    expect([...left].filter(([path]) => !path.startsWith("_github_workflow/")).map(([path]) => path)).toEqual([]);
    expect(orphans).toEqual([]);
  });

  if (wrong.at === undefined) return;
  test("is annotated where it stands", () => {
    const places = of().errors.flatMap(({ title, file, line }) => (title === "Smoke spec" ? [`${file}:${line}`] : []));
    expect(places).toEqual(wrong.at);
  });
});
