import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { planFiles } from "../../scripts/generate/plan.ts";
import { showDiff } from "../../scripts/generate/show-diff.ts";
import { type ActionSpec, defineAction } from "../../src/kit/define-action.ts";
import { choice, flag, text } from "../../src/kit/input.ts";

const spec = defineAction({
  name: "Sweeper",
  description: "Sweeps what is old.",
  inputs: {
    "client-id": text({ description: "The identity.", required: true, env: "AZURE_CLIENT_ID" }),
    region: text({ description: "Where.", env: "SWEEP_REGION", default: "westeurope" }),
    mode: choice("report", "delete")({ description: "Report $& or delete.", default: "report" }),
    "dry-run": flag({ description: "Only say.", default: "true", deprecated: "Use mode." }),
  },
  outputs: { swept: "Names, a | between." },
  post: true,
});

const page = "# Page\n\n<!-- inputs -->\nold\n<!-- /inputs -->\n\n<!-- outputs -->\n<!-- /outputs -->\n\nend\n";
const files = {
  "src/actions/sweeper/index.ts": "",
  "src/actions/sweeper/post.ts": "",
  "actions/sweeper/README.md": page,
  "README.md": "<!-- actions -->\n<!-- /actions -->\n<!-- not ours -->\n",
};
const call =
  "on:\n  workflow_call:\n    inputs:\n      days: { type: number, default: 3, description: Days. }\n    outputs:\n      a: { description: An A., value: x }\n";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plan(
  given: Readonly<Record<string, string>>,
  specs: Readonly<Record<string, ActionSpec>> = { sweeper: spec },
) {
  root = mkdtempSync(join(tmpdir(), "generate-"));
  for (const [path, content] of Object.entries(given)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return planFiles(root, new Map(Object.entries(specs)));
}

describe("action.yml", () => {
  test("says what the spec says, for the runner", () => {
    const yaml = plan(files).files.get("actions/sweeper/action.yml") ?? "";
    expect(yaml).toMatch(/^# Generated from src\/actions\/sweeper\/spec\.ts /);
    expect(parse(yaml)).toMatchObject({
      name: "Sweeper",
      description: "Sweeps what is old.",
      runs: { using: "node24", main: "../../dist/sweeper/index.js", post: "../../dist/sweeper/post.js" },
      outputs: { swept: { description: "Names, a | between." }, "error-code": {} },
    });
  });

  test("leaves an input optional, and without default, where the environment may stand in", () => {
    const { inputs } = parse(plan(files).files.get("actions/sweeper/action.yml") ?? "");
    expect(inputs).toEqual({
      "client-id": {
        description: "The identity. Defaults to AZURE_CLIENT_ID, which azure-login exports.",
        required: false,
      },
      region: {
        description: 'Where. Defaults to the environment variable SWEEP_REGION, then to "westeurope".',
        required: false,
      },
      mode: { description: "Report $& or delete.", required: false, default: "report" },
      "dry-run": { description: "Only say.", required: false, default: "true", deprecationMessage: "Use mode." },
    });
  });
});

describe("pages", () => {
  test("hold the tables between their markers, and keep everything else", () => {
    const { files: made, problems } = plan(files);
    expect(problems).toEqual([]);
    expect(made.get("actions/sweeper/README.md")).toBe(
      [
        "# Page\n\n<!-- inputs -->",
        "| Input | Description | Kind | Default |",
        "| --- | --- | --- | --- |",
        "| `client-id` | The identity. Defaults to AZURE_CLIENT_ID, which azure-login exports. | text |  |",
        '| `region` | Where. Defaults to the environment variable SWEEP_REGION, then to "westeurope". | text |  |',
        "| `mode` | Report $& or delete. | report \\| delete | `report` |",
        "| `dry-run` | **Deprecated.** Only say. | flag | `true` |",
        "<!-- /inputs -->\n\n<!-- outputs -->",
        "| Output | Description |",
        "| --- | --- |",
        "| `swept` | Names, a \\| between. |",
        "| `error-code` | Why the action failed, as a stable code (see docs/troubleshooting.md); empty when it did not. |",
        "<!-- /outputs -->\n\nend\n",
      ].join("\n"),
    );
    expect(made.get("README.md")).toContain("| [`sweeper`](actions/sweeper/README.md) | Sweeps what is old. |");
  });

  test("are made once: a second run changes nothing", () => {
    const first = plan(files).files;
    expect([...plan({ ...files, ...Object.fromEntries(first) }).files]).toEqual([...first]);
  });

  test("hold the tables of a reusable workflow wherever its markers stand", () => {
    const marker = "<!-- workflow sweep.yml inputs -->\n<!-- /workflow sweep.yml inputs -->\n";
    const other = "<!-- workflow sweep.yml outputs -->\n<!-- /workflow sweep.yml outputs -->\n";
    const { files: made, problems } = plan({
      ...files,
      ".github/workflows/sweep.yml": call,
      ".github/workflows/ci.yml": "on: push\n",
      "docs/guides/sweep.md": marker + other,
    });
    expect(problems).toEqual([]);
    expect(made.get("docs/guides/sweep.md")).toContain("| `days` | Days. | number | `3` |");
    expect(made.get("docs/guides/sweep.md")).toContain("| `a` | An A. |");
  });

  test("hold the tables of a terraform module", () => {
    const { files: made, problems } = plan({
      ...files,
      "terraform/modules/net/README.md": page,
      "terraform/modules/net/variables.tf": `variable "name" {
  description = "What it is \\"called\\"."
  type        = string

  validation {
    condition     = var.name != "default"
    error_message = "name: no default."
  }
}

variable "pools" {
  description = "Its pools."
  type = map(object({
    size  = string
    zones = optional(set(string), [])
  }))
  default = { a = { size = "b" } } # one
}

variable "ranges" {
  description = "Where from."
  type        = set(string)
  default     = []
}

variable "end" {
  description = "Its end."
  type        = string
  default     = null
}
`,
      "terraform/modules/net/outputs.tf": 'output "id" {\n  description = "Its id."\n  value       = local.id\n}\n',
    });
    expect(problems).toEqual([]);
    const text = made.get("terraform/modules/net/README.md");
    expect(text).toContain('| `name` | What it is "called". | string | _required_ |');
    expect(text).toContain('| `pools` | Its pools. | map(object) | `{ a = { size = "b" } }` |');
    expect(text).toContain("| `ranges` | Where from. | set(string) | `[]` |");
    expect(text).toContain("| `end` | Its end. | string | `null` |");
    expect(text).toContain("| `id` | Its id. |");
  });
});

const faults: readonly {
  readonly name: string;
  readonly given: Readonly<Record<string, string>>;
  readonly specs?: Readonly<Record<string, ActionSpec>>;
  readonly problem: string;
}[] = [
  {
    name: "a folder without README",
    given: { ...files, "actions/other/action.yml": "name: Other\n" },
    problem: "actions/other/README.md: is missing",
  },
  {
    name: "a folder that is neither made from a spec nor written by hand",
    given: { ...files, "actions/empty/README.md": page },
    problem: "actions/empty: has neither src/actions/empty/spec.ts nor action.yml",
  },
  {
    name: "an action.yml whose spec is gone",
    given: { ...files, "actions/old/action.yml": "# Generated from src/actions/old/spec.ts\nname: Old\n" },
    problem: "actions/old/action.yml: its spec is gone",
  },
  {
    name: "a terraform module that does not say what it offers",
    given: { ...files, "terraform/stacks/a/variables.tf": "" },
    problem: "terraform/stacks/a: has no variables.tf or no outputs.tf",
  },
  {
    name: "a page without a marker",
    given: { ...files, "actions/sweeper/README.md": page.replaceAll("outputs -->", "output -->") },
    problem: "actions/sweeper/README.md: has no <!-- outputs --> … <!-- /outputs -->",
  },
  {
    name: "a marker that is not closed",
    given: { ...files, "actions/sweeper/README.md": page.replace("<!-- /outputs -->", "") },
    problem: "actions/sweeper/README.md: the marker <!-- outputs --> has no <!-- /outputs -->",
  },
  {
    name: "a marker of a workflow that is gone",
    given: { ...files, "docs/a.md": "<!-- workflow gone.yml inputs --><!-- /workflow gone.yml inputs -->" },
    problem: "docs/a.md: nothing belongs to the marker <!-- workflow gone.yml inputs -->",
  },
  {
    name: "a reusable workflow that no page shows",
    given: { ...files, ".github/workflows/sweep.yml": call },
    problem:
      "README.md: neither it nor a page in docs has <!-- workflow sweep.yml inputs --> … <!-- /workflow sweep.yml inputs -->",
  },
  {
    name: "a post stage that the spec does not name",
    given: files,
    specs: { sweeper: { ...spec, post: false } },
    problem: "src/actions/sweeper: post.ts and spec.post do not agree",
  },
];

test.each(faults)("names $name", ({ given, specs, problem }) => {
  expect(plan(given, specs).problems).toContain(problem);
});

test("the dispatcher lists each stage that an action has", () => {
  const text = plan({ ...files, "src/actions/sweeper/background.ts": "" }).files.get("src/all.ts") ?? "";
  expect(text).toContain('"sweeper": () => import("./actions/sweeper/index.ts")');
  expect(text).toContain('"sweeper-post": () => import("./actions/sweeper/post.ts")');
  expect(text).toContain('"sweeper-background": () => import("./actions/sweeper/background.ts")');
  expect(plan(files).files.get("src/all.ts")).not.toContain("background");
});

test("a difference is shown with its surroundings only", () => {
  const stands = ["a", "b", "c", "d", "e", "f", "g"];
  expect(showDiff(stands.join("\n"), stands.with(4, "E").join("\n"))).toBe("  …\n  c\n  d\n- e\n+ E\n  f\n  g");
});
