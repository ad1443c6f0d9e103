import { describe, expect, test } from "@jest/globals";
import { listSources, readSource } from "./repository.ts";
import { docstringRule, fileRule, machineRule, type SourceRule, secretRule, silenceRule } from "./rules/sources.ts";

const CODE = [".ts", ".js", ".cjs"];
const TEXTS = [...CODE, ".json", ".yml", ".yaml", ".md", ".sh", ".tf", ".txt", "run"];

const sources = listSources(TEXTS).filter((path) => path !== "package-lock.json");
const code = sources.filter((path) => CODE.some((ending) => path.endsWith(ending)));
/** Tests make keys and tokens of their own; rules and their samples say what they look for. */
const shipped = sources.filter((path) => !path.startsWith("test/"));
const apply = (rule: SourceRule, paths: readonly string[]) => paths.flatMap((path) => rule(path, readSource(path)));

describe("each file", () => {
  test("holds one idea, and is named for it", () => {
    expect(code.length).toBeGreaterThan(50);
    expect(apply(fileRule, code)).toEqual([]);
  });

  test("of src says what its exported functions do", () => {
    expect(
      apply(
        docstringRule,
        code.filter((path) => /^src\/(?!all\.ts)/.test(path)),
      ),
    ).toEqual([]);
  });

  test("names no path of the machine that it was written on", () => {
    expect(
      apply(
        machineRule,
        sources.filter((path) => !path.startsWith("test/contract/")),
      ),
    ).toEqual([]);
  });

  test("that is shipped holds no secret, and none that stands in for one", () => {
    expect(shipped).toContain("src/kit/start.ts");
    expect(apply(secretRule, shipped)).toEqual([]);
  });

  test("silences nothing without a reason, and no test", () => {
    expect(
      apply(
        silenceRule,
        sources.filter((path) => !path.startsWith("test/contract/")),
      ),
    ).toEqual([]);
  });
});

test("the lock file names no registry", () => {
  expect(readSource("package-lock.json")).not.toContain('"resolved": "http');
});

test("tests and scripts run on the Node that actions run on", () => {
  const { engines, devDependencies } = JSON.parse(readSource("package.json"));
  expect(engines.node).toBe(">=24");
  expect(devDependencies.node).toMatch(/^24\./);
});

const bad: readonly (readonly [SourceRule, string, string, string])[] = [
  [fileRule, "src/kit/a.ts", "x\n".repeat(301), "301: holds more than one idea (over 300 lines)"],
  [fileRule, "src/kit/utils.ts", "", "1: is named for a drawer, not for an idea"],
  [fileRule, "src/helpers/a.ts", "", "1: is named for a drawer, not for an idea"],
  [docstringRule, "src/a.ts", "\nexport async function a() {", "2: a has no docstring"],
  [docstringRule, "src/a.ts", "// no\nexport const a = (b: string): string => b;", "2: a has no docstring"],
  [machineRule, "a.md", `see ${"/"}work/tree/x`, "1: names a path of one machine"],
  [machineRule, "a.ts", 'const a = "/tmp/x";', "1: names a path of one machine"],
  [secretRule, "a.md", `token ghp_${"a1".repeat(18)}`, "1: looks like a token"],
  [secretRule, "a.ts", "-----BEGIN RSA PRIVATE KEY-----", "1: holds a private key"],
  [secretRule, "a.yml", "x: $".concat("{{ secrets.AZURE_CLIENT_SECRET }}"), "1: asks for a secret"],
  [secretRule, "a.tf", 'password = "changeme"', "1: holds a placeholder for a secret"],
  [secretRule, "a.md", "client-secret: <the secret>", "1: holds a placeholder for a secret"],
  [silenceRule, "a.yml", "on: x # zizmor: ignore[dangerous-triggers]", "1: silences zizmor without a reason"],
  [silenceRule, "a.sh", "# shellcheck disable=SC2086", "1: silences shellcheck without a reason"],
  [silenceRule, "a.test.ts", 'test.skip("x", () => {});', "1: switches a test off"],
  [silenceRule, "a.ts", "// @ts-ignore", "1: silences the compiler"],
];

test.each(bad)("%p finds what it is for in %s: %j", (rule, path, text, finding) => {
  expect(rule(path, text)).toEqual([`${path}:${finding}`]);
});

const good: readonly (readonly [SourceRule, string, string])[] = [
  [fileRule, "src/kit/user-error.ts", "x\n".repeat(300)],
  [docstringRule, "src/a.ts", "/** What. */\nexport function a() {\n}\nconst b = () => 1;\nexport const C = 3;"],
  [machineRule, "a.md", "in /home/runner/work/x, $TMP/tmp/x, actions/work/x and /tmp"],
  [secretRule, "a.md", "there is no client secret: nothing to rotate. token: $".concat("{{ secrets.GITHUB_TOKEN }}")],
  [silenceRule, "a.yml", "on: x # zizmor: ignore[dangerous-triggers] reads only the number"],
];

test.each(good)("%p has nothing to say of %s: %j", (rule, path, text) => {
  expect(rule(path, text)).toEqual([]);
});
