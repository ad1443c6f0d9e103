import { describe, expect, test } from "@jest/globals";
import { defineAction } from "../../src/kit/define-action.ts";
import { choice, duration, flag, lines, quantity, secret, text } from "../../src/kit/input.ts";
import { inputVariable, readInputs } from "../../src/kit/read-inputs.ts";
import { UserError } from "../../src/kit/user-error.ts";

const spec = defineAction({
  name: "Sample",
  description: "Only for these tests.",
  inputs: {
    "client-id": text({
      description: "a",
      required: true,
      env: "AZURE_CLIENT_ID",
      pattern: /^[0-9a-f]+$/,
      expected: "hex",
    }),
    "name-prefix": text({ description: "b" }),
    mode: choice("report", "delete")({ description: "c", default: "report" }),
    "dry-run": flag({ description: "d", default: "true" }),
    names: lines({ description: "e" }),
    grace: duration({ description: "f", default: "15m" }),
    "max-deletions": quantity({ description: "g", unit: "groups", min: 0, max: 100, default: "20" }),
    "api-token": secret({ description: "h" }),
  },
  outputs: {},
});

function read(environment: Readonly<Record<string, string>>, masked: string[] = []) {
  return readInputs(spec, environment, (value) => masked.push(value));
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe("bad-input");
    return (error as UserError).message.split("\n");
  }
}

describe("inputs", () => {
  test("arrive typed, with defaults, under camelCase names", () => {
    const environment = {
      "INPUT_CLIENT-ID": " ab ",
      INPUT_MODE: "delete",
      INPUT_NAMES: "x\ny",
      "INPUT_DRY-RUN": "false",
    };
    expect(read(environment)).toEqual({
      clientId: "ab",
      namePrefix: undefined,
      mode: "delete",
      dryRun: false,
      names: ["x", "y"],
      grace: 900_000,
      maxDeletions: 20,
      apiToken: undefined,
    });
  });

  test("come from the environment variable when the workflow gives none or an empty one", () => {
    expect(read({ "INPUT_CLIENT-ID": "", AZURE_CLIENT_ID: "cd" }).clientId).toBe("cd");
    expect(read({ "INPUT_CLIENT-ID": "ab", AZURE_CLIENT_ID: "cd" }).clientId).toBe("ab");
  });

  test("have the default when the workflow gives blanks", () => {
    expect(read({ "INPUT_CLIENT-ID": "ab", INPUT_GRACE: "  " }).grace).toBe(900_000);
  });

  test("that are wrong are all named at once, by their YAML names", () => {
    expect(
      problemsOf({ INPUT_MODE: "kill", "INPUT_DRY-RUN": "yes", INPUT_GRACE: "soon", "INPUT_MAX-DELETIONS": "101" }),
    ).toEqual([
      "client-id: expected a value (text), got nothing (neither as an input nor in AZURE_CLIENT_ID)",
      'mode: expected one of report, delete, got "kill"',
      'dry-run: expected true or false, got "yes"',
      'grace: expected a duration such as 90s, 30m, 8h, 1h30m or 7d, got "soon"',
      'max-deletions: expected a whole number of groups from 0 to 100, got "101"',
    ]);
  });

  test("that are wrong in the environment say where they came from", () => {
    expect(problemsOf({ AZURE_CLIENT_ID: "xyz" })).toEqual([
      'client-id: expected hex, got "xyz" (from AZURE_CLIENT_ID)',
    ]);
  });

  test("of any length are quoted shortly", () => {
    const [problem = ""] = problemsOf({ "INPUT_CLIENT-ID": "x".repeat(9999) });
    expect(problem.length).toBeLessThan(200);
  });

  test("that do not fit a fault of ours pass that fault on", () => {
    const broken = { ...text({ description: "a" }), read: () => BigInt("no") };
    const faulty = defineAction({ name: "N", description: "d", inputs: { broken }, outputs: {} });
    expect(() => readInputs(faulty, { INPUT_BROKEN: "x" }, () => {})).toThrow(SyntaxError);
  });
});

describe("a secret", () => {
  const strict = defineAction({
    name: "N",
    description: "d",
    inputs: {
      "a-token": {
        ...secret({ description: "a" }),
        read: text({ description: "a", pattern: /^gh/, expected: "gh…" }).read,
      },
    },
    outputs: {},
  });

  test("is masked while it is read", () => {
    const masked: string[] = [];
    expect(read({ "INPUT_CLIENT-ID": "ab", "INPUT_API-TOKEN": "hush hush" }, masked).apiToken).toBe("hush hush");
    expect(masked).toEqual(["hush hush"]);
  });

  test("is masked even where it is wrong, and never quoted", () => {
    const masked: string[] = [];
    const attempt = () => readInputs(strict, { "INPUT_A-TOKEN": "hush hush" }, (value) => masked.push(value));
    expect(attempt).toThrow("a-token: expected gh…, got a text that is kept secret");
    expect(masked).toEqual(["hush hush"]);
  });
});

test("an input's variable is the runner's: upper case, hyphens stay, spaces do not", () => {
  expect(inputVariable("resource-group")).toBe("INPUT_RESOURCE-GROUP");
  expect(inputVariable("a b.c")).toBe("INPUT_A_B.C");
});

test("says why a required input is usually missing", () => {
  const told = defineAction({
    name: "Sample",
    description: "Only for this test.",
    inputs: { "client-id": text({ description: "a", required: true, whenMissing: "runs of forks get no secrets" }) },
    outputs: {},
  });
  expect(() => readInputs(told, {}, () => {})).toThrow(
    "client-id: expected a value (text), got nothing; runs of forks get no secrets",
  );
});
