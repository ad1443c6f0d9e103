import { describe, expect, test } from "@jest/globals";
import { DockerfileParser } from "dockerfile-ast";
import { addLabels } from "../../src/image/labelled-dockerfile.ts";

const STAGES = "FROM scratch AS base\nCOPY a /\n\nFROM base AS prod\nCOPY b /\n";

describe("labels in a Dockerfile", () => {
  test("stand at its end", () => {
    expect(addLabels(STAGES, { "a.b": "1" }, undefined)).toBe(`${STAGES}\nLABEL "a.b"="1"`);
  });

  test.each(["base", "BASE", "0"])("stand at the end of the stage that is built (%s)", (target) => {
    expect(addLabels(STAGES, { a: "1" }, target).split("\n").slice(0, 5)).toEqual([
      "FROM scratch AS base",
      "COPY a /",
      "",
      'LABEL "a"="1"',
      "FROM base AS prod",
    ]);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a Dockerfile may hold.
  test.each(['say "hi"', "$HOME and ${X}", "back\\slash", "`tick`", "a=b c", "#"])("keep a value: %s", (value) => {
    for (const directive of ["", "# escape=`\n"]) {
      const labelled = addLabels(`${directive}FROM scratch\n`, { k: value }, undefined);
      const label = DockerfileParser.parse(labelled).getInstructions().at(-1);
      const escaper = directive === "" ? "\\" : "`";
      const raw = label?.getArgumentsContent() ?? "";
      const unescaped = raw.slice('"k"="'.length, -1).replace(new RegExp(`\\${escaper}(.)`, "g"), "$1");
      expect(unescaped).toBe(value);
    }
  });

  test("change nothing when there are none", () => {
    expect(addLabels(STAGES, {}, "prod")).toBe(STAGES);
  });
});
