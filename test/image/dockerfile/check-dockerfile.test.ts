import { describe, expect, test } from "@jest/globals";
import { checkDockerfile, looksSecret } from "../../../src/image/dockerfile/check-dockerfile.ts";

const check = (text: string, target?: string) => checkDockerfile(text, "api/Dockerfile", target);

describe("a Dockerfile that nobody can build", () => {
  test.each([
    ["an empty one", "", undefined, "dockerfile-invalid", "api/Dockerfile is empty", 1],
    ["one of comments", "# hello\n\n", undefined, "dockerfile-invalid", "api/Dockerfile is empty", 1],
    ["one without a stage", "ARG A=1\n", undefined, "dockerfile-invalid", "has no FROM", 1],
    [
      "another target",
      "FROM a AS one\nFROM b AS Two",
      "three",
      "dockerfile-target-not-found",
      "its stages are one, two",
      1,
    ],
    ["a target where none has a name", "\nFROM a", "0", "dockerfile-target-not-found", "have no names", 2],
  ])("is told of before: %s", (_, text, target, code, words, line) => {
    const [problem, ...others] = check(text, target).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code, file: "api/Dockerfile", line });
    expect(problem?.message).toContain(words);
  });

  test("is not one with the target in another casing", () => {
    expect(check("FROM a AS One", "oNE").problems).toEqual([]);
    expect(check("FROM a").problems).toEqual([]);
  });
});

describe("a secret in the open", () => {
  test.each(["TOKEN", "NPM_TOKEN", "db_password", "AUTH", "API_KEY", "AWS_SECRET_ACCESS_KEY", "credentials"])(
    "is a variable called %s",
    (name) => expect(looksSecret(name)).toBe(true),
  );

  test.each(["AUTHOR", "MONKEY", "TOKENIZER", "PUBLIC_KEY", "TOKEN_FILE", "KEY_VERSION", "PATH", "PASSWORDLESS"])(
    "is none called %s",
    (name) => expect(looksSecret(name)).toBe(false),
  );

  test("is pointed at, and its value is never repeated", () => {
    const { warnings } = check("ARG NPM_TOKEN\nFROM a\nENV A=1 \\\n DB_PASSWORD=hunter2\n");
    expect(warnings.map(({ file, line }) => [file, line])).toEqual([
      ["api/Dockerfile", 1],
      ["api/Dockerfile", 4],
    ]);
    expect(warnings[1]?.message).toContain("ENV DB_PASSWORD");
    expect(JSON.stringify(warnings)).not.toContain("hunter2");
  });
});
