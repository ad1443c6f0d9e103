import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { WARY_WORKFLOWS } from "../../src/actions/azure-login/guards.ts";
import { refuseBadCalls } from "../runner/called-workflow.ts";
import { interpolate } from "../runner/expressions.ts";
import { listJobs, listSteps, type Placed } from "./finding.ts";
import { ROOT, readSource } from "./repository.ts";
import { asTree, parseYamlFile, type Tree, type YamlFile } from "./yaml-file.ts";

const readPath = (path: string): YamlFile => parseYamlFile(path, readSource(path));
const read = (name: string): YamlFile => readPath(`.github/workflows/${name}.yml`);
const files = {
  preview: read("preview"),
  teardown: read("preview-teardown"),
  command: read("preview-command"),
  deploy: read("deploy"),
  foreign: read("build-foreign"),
};
const inputsOf = ({ tree }: YamlFile): Tree => asTree(asTree(asTree(tree["on"])["workflow_call"])["inputs"]);
const jobOf = (file: YamlFile, name: string): Tree => asTree(asTree(file.tree["jobs"])[name]);
const stepsOf = (file: YamlFile, name: string): readonly Placed[] =>
  listSteps(file).filter(({ place }) => place[1] === name);
const expression = (inside: string): string => `\${{ ${inside} }}`;

/** What only a command knows. */
const OF_A_COMMAND = ["pull-request", "head-sha", "approved-sha", "asked"];
const without = (tree: Tree, names: readonly string[]): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([name]) => !names.includes(name)));

describe("a comment deploys and destroys as an event does", () => {
  test("with the inputs of preview.yml, described alike and with the same defaults", () => {
    const offered = inputsOf(files.command);
    expect(without(offered, ["repositories"])).toEqual(without(inputsOf(files.preview), OF_A_COMMAND));
  });

  test("and those of preview-teardown.yml", () => {
    const offered = inputsOf(files.command);
    const wanted = without(inputsOf(files.teardown), OF_A_COMMAND);
    const form = (tree: Tree): Tree =>
      Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, without(asTree(value), ["description"])]));
    const same = Object.fromEntries(Object.entries(offered).filter(([name]) => name in wanted));
    expect(form(same)).toEqual(form(wanted));
  });

  test.each([
    ["deploy", files.preview],
    ["destroy", files.teardown],
  ] as const)("which the job %s hands on one by one", (job, called) => {
    const given = asTree(jobOf(files.command, job)["with"]);
    const own = Object.keys(inputsOf(called)).filter((name) => !OF_A_COMMAND.includes(name));
    expect(without(given, OF_A_COMMAND)).toEqual(
      Object.fromEntries(own.map((name) => [name, expression(`inputs.${name}`)])),
    );
    expect(given["asked"]).toBe(job);
  });
});

describe("who changes an environment", () => {
  const CHANGES = /^\$\/actions\/(?:terraform|deploy-environment|destroy-environment)$/;

  test.each(Object.entries(files))("waits for its turn in %s", (name, file) => {
    const changing = listJobs(file).filter(({ place }) =>
      stepsOf(file, String(place[1])).some(({ value }) => CHANGES.test(String(value["uses"]))),
    );
    for (const { value } of changing) {
      const { group, queue, "cancel-in-progress": cancel } = asTree(value["concurrency"]);
      expect([queue, cancel]).toEqual(["max", undefined]);
      expect(group).toMatch(
        /^mayfly-\$\{\{ github\.repository_id \}\}-\$\{\{ (?:needs\.gate\.outputs\.environment|matrix\.environment|inputs\.name) \}\}$/,
      );
    }
    expect(changing.map(({ place }) => place[1])).toEqual(
      { preview: ["plan", "deploy"], teardown: ["teardown"], deploy: ["plan", "deploy"] }[name] ?? [],
    );
  });

  test("but not who extends it, so that this takes seconds", () => {
    expect(jobOf(files.command, "extend")["concurrency"]).toBeUndefined();
  });
});

describe("a stranger's code", () => {
  test("is built where there is nothing to take: no ID token, no environment, no login, no secret of a list", () => {
    const build = jobOf(files.foreign, "build");
    expect(build["permissions"]).toEqual({ contents: "read" });
    expect(build["environment"]).toBeUndefined();
    const steps = stepsOf(files.foreign, "build").map(({ value }) => value);
    expect(steps.map(({ uses }) => String(uses)).filter((uses) => uses.includes("azure-login"))).toEqual([]);
    const given = asTree(steps.find(({ uses }) => uses === "$/actions/acr-build-push")?.["with"]);
    expect(given["push"]).toBe(false);
    const never = ["secrets", "ssh", "scan-command", "cache-to", "cache-from", "build-contexts"];
    expect(Object.keys(given).filter((name) => never.includes(name))).toEqual([]);
  });

  test.each([
    [".", "Dockerfile", 0],
    ["app", "app/Dockerfile", 0],
    ["home", "home/Dockerfile", 1],
    ["../elsewhere", "Dockerfile", 1],
    ["deep/home/api", "Dockerfile", 1],
    ["app", "app/passwd", 1],
  ])("is not built where %s or %s leads out of the commit, as a link in it may", (context, file, code) => {
    const steps = stepsOf(files.foreign, "build").map(({ value }) => value);
    const at = steps.findIndex(({ name }) => name === "Refuse what leads out of the commit");
    expect(at).toBeGreaterThan(steps.findIndex(({ uses }) => String(uses).startsWith("actions/checkout@")));
    expect(at).toBeLessThan(steps.findIndex(({ uses }) => uses === "$/actions/acr-build-push"));
    const folder = mkdtempSync(join(tmpdir(), "mayfly-commit-"));
    try {
      const workspace = join(folder, "workspace");
      for (const path of ["workspace/app", "workspace/deep", "elsewhere/api"])
        mkdirSync(join(folder, path), { recursive: true });
      for (const path of ["Dockerfile", "app/Dockerfile"]) writeFileSync(join(workspace, path), "FROM scratch\n");
      symlinkSync(join(folder, "elsewhere"), join(workspace, "home"));
      symlinkSync("../../elsewhere", join(workspace, "deep/home"));
      symlinkSync("/etc/passwd", join(workspace, "app/passwd"));
      const env = { PATH: process.env["PATH"], GITHUB_WORKSPACE: workspace, CONTEXT: context, FILE: file };
      const done = spawnSync("bash", ["-e", "-c", String(steps[at]?.["run"])], {
        cwd: workspace,
        env,
        encoding: "utf8",
      });
      expect([done.status, done.stdout.includes("leads out of the repository")]).toEqual([code, code === 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is pushed by a job that never has it in its workspace, under tags of its pull request alone", () => {
    const steps = stepsOf(files.foreign, "push").map(({ value }) => value);
    expect(steps.filter(({ uses }) => String(uses).startsWith("actions/checkout@"))).toEqual([]);
    const given = asTree(steps.find(({ uses }) => uses === "$/actions/acr-build-push")?.["with"]);
    expect(given).toMatchObject({ tags: "pr-{number}\npr-{number}-{short-sha}", latest: "never" });
    expect(Object.keys(given).filter((name) => ["context", "file", "build-args"].includes(name))).toEqual([]);
  });

  test("does not say which images there are, nor how it is deployed", () => {
    const refs = (file: YamlFile, job: string) =>
      stepsOf(file, job).flatMap(({ value }) =>
        String(value["uses"]).startsWith("actions/checkout@") ? [String(asTree(value["with"])["ref"] ?? "")] : [],
      );
    expect(refs(files.foreign, "list")).toEqual([""]);
    expect(refs(files.preview, "plan")).toEqual([
      expression("needs.gate.outputs.trusted == 'true' && needs.gate.outputs.ref || ''"),
    ]);
    expect(refs(files.preview, "deploy")).toEqual([
      expect.stringMatching(
        /\|\| .*decision != 'destroy' && needs\.gate\.outputs\.trusted == 'true' && needs\.gate\.outputs\.ref \|\| ''/,
      ),
    ]);
  });

  test.each([
    ["the base of a pull request of ours", "true", { pull_request: { base: { ref: "release" } } }, "release"],
    ["the default branch, whatever base a stranger chose", "false", { pull_request: { base: { ref: "old" } } }, "main"],
    ["the default branch where the event has no pull request", "true", {}, "main"],
  ])("has no say in what a teardown is done with: %s", (_, trusted, event, expected) => {
    const checkouts = WARY_WORKFLOWS.map(readPath).flatMap((file) =>
      listSteps(file).filter(({ value }) => String(value["uses"]).startsWith("actions/checkout@")),
    );
    expect(checkouts).toHaveLength(1);
    for (const { value } of checkouts) {
      const github = { event: { ...event, repository: { default_branch: "main" } } };
      const contexts = { github, steps: { gate: { outputs: { trusted } } } };
      expect(interpolate(String(asTree(value["with"])["ref"]), contexts)).toBe(expected);
    }
  });

  test("gets no login of the build that pushes with one", () => {
    expect(jobOf(files.preview, "images")["if"]).toContain("needs.gate.outputs.trusted == 'true'");
    const deploy = stepsOf(files.preview, "deploy").find(({ value }) => value["id"] === "deploy");
    const { untrusted } = asTree(deploy?.value["with"]);
    expect(untrusted).toBe(expression("needs.gate.outputs.trusted != 'true'"));
  });
});

describe("the cluster that environments share", () => {
  const looking = Object.values(files).flatMap((file) =>
    listSteps(file)
      .filter(({ value }) => value["uses"] === "$/actions/preview")
      .map(({ value }) => ({ file, value })),
  );

  test("is named to whoever looks at environments, in words that work without a kubeconfig", () => {
    const blind = ["read-command"];
    const given = looking.flatMap(({ file, value }) => {
      const { command, cluster, "resource-group": group } = asTree(value["with"]);
      if (blind.includes(String(command)) || (value["id"] === undefined && file === files.deploy)) return [];
      return [[cluster, group]];
    });
    expect(given.length).toBeGreaterThan(10);
    const named = [expression("inputs.cluster"), expression("inputs.cluster-resource-group")];
    expect(given).toEqual(given.map(() => named));
  });

  test("costs no step of its own", () => {
    const steps = Object.values(files).flatMap(listSteps);
    expect(steps.filter(({ value }) => value["uses"] === "$/actions/aks-set-context")).toEqual([]);
  });
});

test("what is left goes by its tags, also where terraform had no turn: the base branch may be gone", () => {
  const remove = stepsOf(files.teardown, "teardown").find(({ value }) => value["id"] === "remove");
  const condition = String(remove?.value["if"]);
  expect(condition).toContain("steps.gate.outputs.decision == 'destroy'");
  expect(condition).toContain("steps.destroy.outcome != 'success' || steps.destroy.outputs.failed-step != ''");
});

test("no text of a pull request or a comment stands in any of these workflows", () => {
  const texts =
    /github\.(?:head_ref|event\.(?:comment|issue|review|pull_request\.(?:title|body|user|head\.(?:ref|label))))\b/;
  const lines = Object.values(files).flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, at) => (texts.test(line) ? [`${path}:${at + 1}`] : [])),
  );
  expect(lines).toEqual([]);
});

describe("the two files of a consumer", () => {
  const places = { repositoryRoot: ROOT, calls: { "OWNER/mayfly": ROOT } };
  const folder = join(ROOT, "examples/previews/.github/workflows");
  const change = (name: string, edit: (text: string) => string, look: (path: string) => void): void => {
    const scratch = mkdtempSync(join(tmpdir(), "mayfly-consumer-"));
    try {
      mkdirSync(join(scratch, ".github/workflows"), { recursive: true });
      const path = join(scratch, ".github/workflows", name);
      writeFileSync(path, edit(readFileSync(join(folder, name), "utf8")));
      look(path);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  };

  test.each(["preview.yml", "preview-end.yml"])("%s grants all that is asked for, and starts", (name) => {
    expect(() => refuseBadCalls(join(folder, name), undefined, places)).not.toThrow();
  });

  test("start runs again only where actions: write is granted, and work without", () => {
    change(
      "preview-end.yml",
      (text) => text.replaceAll("actions: write", "actions: read"),
      (path) => expect(() => refuseBadCalls(path, undefined, places)).not.toThrow(),
    );
  });

  test.each([
    "contents: read",
    "id-token: write",
    "pull-requests: write",
    "deployments: write",
    "checks: write",
    "actions: read",
  ])("grant nothing that nobody asks for: without %s nothing starts", (permission) => {
    change(
      "preview.yml",
      (text) => text.replace(new RegExp(`^ *${permission} #.*\n`, "m"), ""),
      (path) => expect(() => refuseBadCalls(path, undefined, places)).toThrow(permission),
    );
  });
});
