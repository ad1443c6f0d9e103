import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { BuildRequest } from "../../src/image/build-request.ts";
import { renderTask } from "../../src/image/task-definition.ts";
import { makeRequest } from "./request.ts";

const OPTIONS = {
  name: "team/app",
  tag: "ctx-1",
  dockerfile: "0a_Dockerfile",
  platform: undefined,
  timeoutSeconds: 3600,
};

function buildLine(request: Partial<BuildRequest>, options: Partial<typeof OPTIONS> = {}): string {
  const rendered = renderTask(makeRequest(request), { ...OPTIONS, ...options });
  if (!("value" in rendered)) throw new Error(rendered.problems.map(({ message }) => message).join("\n"));
  return (parse(rendered.value) as { steps: { build: string }[] }).steps[0]?.build ?? "";
}

describe("a task", () => {
  test("builds with BuildKit, pushes, and has the whole time for each step", () => {
    const rendered = renderTask(makeRequest({ target: "prod", pull: true, noCache: true }), OPTIONS);
    expect("value" in rendered && parse(rendered.value)).toEqual({
      version: "v1.0.0",
      stepTimeout: 3600,
      steps: [
        {
          id: "build",
          build: "-f 0a_Dockerfile -t {{.Run.Registry}}/team/app:ctx-1 --target prod --pull --no-cache .",
          env: ["DOCKER_BUILDKIT=1"],
        },
        { id: "push", push: ["{{.Run.Registry}}/team/app:ctx-1"] },
      ],
    });
    // Only a version without quotes on the first line counts.
    expect("value" in rendered && rendered.value.startsWith("version: v1.0.0\n")).toBe(true);
  });

  test.each([
    ["plain", "A=1.2-x", "--build-arg A=1.2-x"],
    ["blanks", "A=a b", "--build-arg 'A=a b'"],
    ["a quote", "A=it's", "--build-arg 'A=it'\\''s'"],
    ["what a shell would run", "A=$(id);`id`", "--build-arg 'A=$(id);`id`'"],
    ["a template", "A={{.Run.ID}}", "--build-arg 'A={{`{{`}}.Run.ID}}'"],
    ["double quotes and a backslash", 'A="\\n', "--build-arg 'A=\"\\n'"],
  ])("hands over a build argument with %s", (_, arg, words) => {
    const [key = "", ...value] = arg.split("=");
    expect(buildLine({ buildArgs: { [key]: value.join("=") } })).toContain(` ${words} .`);
  });

  test("refuses what would be misread, all at once", () => {
    const buildArgs = { A: "x -t y", "B C": "1", D: "a\nb", E: "x".repeat(9000), F: "-dash" };
    const rendered = renderTask(makeRequest({ buildArgs, target: "a b" }), OPTIONS);
    expect("problems" in rendered && rendered.problems.map(({ message }) => message.slice(0, 20))).toEqual([
      "build-args: A has a ",
      "build-args: B C is n",
      "build-args: D has a ",
      "build-args: E has a ",
      'target: "a b" is no ',
    ]);
  });
});
