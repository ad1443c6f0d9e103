import { describe, expect, test } from "@jest/globals";
import { expandAliases, findVersion, hasAliases } from "./aliases.ts";
import { parseTask } from "./task-yaml.ts";
import { renderTemplate } from "./template.ts";

const DATA = {
  Run: { ID: "ca8", Registry: "mayfly.azurecr.io", RegistryName: "mayfly", Date: "20261121-090000z" },
  Values: { NAME: 'it\'s "x"', EMPTY: "" },
};

describe("aliases", () => {
  test("need a version in the first line, unquoted", () => {
    expect(findVersion("# a task\n\nversion: v1.1.0\nsteps: []")).toBe("v1.1.0");
    expect(
      ["version: v1.1.0", "version: v1.0.0", 'version: "v1.1.0"', '{"version": "v1.1.0"}'].map(hasAliases),
    ).toEqual([true, false, false, false]);
  });

  test("are replaced wherever they stand, and nothing else that has a dollar", () => {
    const text = "a: $Registry/x:$ID$Date\nb: $HOME $$ID $(ID) '$ID'\nc: 5$";
    expect(expandAliases(text)).toBe(
      "a: {{.Run.Registry}}/x:{{.Run.ID}}{{.Run.Date}}\nb: $HOME $ID $(ID) '{{.Run.ID}}'\nc: 5$\n",
    );
  });

  test("lose comments, and everything from a line of 64 kB on", () => {
    expect(expandAliases(`a: |\n  # gone\n  kept\nb: ${"x".repeat(65_536)}\nc: 1`)).toBe("a: |\n  kept\n");
  });
});

describe("a template", () => {
  test("knows the run, values, texts and a few functions", () => {
    expect(renderTemplate("{{.Run.Registry}}/a:{{ .Run.ID }}", DATA)).toBe("mayfly.azurecr.io/a:ca8");
    expect(renderTemplate('{{"{{"}} {{`a"}}`}} {{ .Values.NAME | toJson }}', DATA)).toBe(`{{ a"}} "it's \\"x\\""`);
    expect(renderTemplate('{{ .Values.NONE }}|{{ .Values.EMPTY | default "d" }}|{{ "a" | b64enc }}', DATA)).toBe(
      "|d|YQ==",
    );
    expect(renderTemplate("a  {{- .Run.ID -}}  b", DATA)).toBe("aca8b");
  });

  test("fails where it is none, and where the emulator does not know what it asks", () => {
    expect(() => renderTemplate("a {{ b", DATA)).toThrow(/unclosed action/);
    expect(() => renderTemplate("{{ if .Run.ID }}x{{ end }}", DATA)).toThrow(/does not know the template action/);
  });
});

describe("a task in YAML", () => {
  test("becomes steps with what acb gives them", async () => {
    const text = [
      "version: v1.1.0",
      "env: [A=1, B=2]",
      "steps:",
      "  - build: -t $Registry/app:$ID .",
      "    env: [DOCKER_BUILDKIT=1, B=3]",
      "  - id: push",
      "    push: [$Registry/app:$ID, $Registry/app]",
      "    timeout: 60",
      '    when: ["acb_step_0"]',
    ].join("\n");
    expect(await parseTask(text, DATA)).toEqual({
      version: "v1.1.0",
      fromYaml: true,
      steps: [
        {
          ...{ id: "acb_step_0", build: "-t mayfly.azurecr.io/app:ca8 .", env: ["DOCKER_BUILDKIT=1", "B=3", "A=1"] },
          ...{
            timeoutSeconds: 600,
            when: undefined,
            workingDirectory: "",
            retries: 0,
            ignoreErrors: false,
            cached: false,
          },
        },
        {
          ...{ id: "push", push: ["mayfly.azurecr.io/app:ca8", "mayfly.azurecr.io/app:latest"], env: ["A=1", "B=2"] },
          ...{ timeoutSeconds: 60, when: ["acb_step_0"], workingDirectory: "", retries: 0, ignoreErrors: false },
          cached: false,
        },
      ],
    });
  });

  test("takes JSON in its values: what a client writes safely", async () => {
    const build = JSON.stringify("-t a --label 'k=\"v\"' .");
    const { steps } = await parseTask(`version: v1.1.0\nsteps:\n  - id: b\n    build: ${build}\n`, DATA);
    expect(steps[0]?.build).toBe("-t a --label 'k=\"v\"' .");
  });

  test.each([
    ["steps: [{build: ., push: [a]}]", /step must only contain a single build, cmd, or push property/],
    ["steps: [{id: a}]", /step is missing a cmd, build, or push property/],
    ["steps: [{id: a b, cmd: x}]", /step ID cannot contain spaces/],
    ["version: v9\nsteps: [{cmd: x}]", /invalid version specified: "v9"/],
    ["env: [A]\nsteps: [{cmd: x}]", /cannot parse environment variable A correctly/],
    ["steps: [{cmd: x, secretEnvs: [A]}]", /knows no property "secretEnvs"/],
    ["steps: [", /yaml: /],
  ])("is refused: %j", async (text, message) => {
    await expect(parseTask(text, DATA)).rejects.toThrow(message);
  });
});
