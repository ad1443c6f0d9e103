import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parsePairs } from "../../runner/file-commands.ts";

const SCRIPT = join(import.meta.dirname, "../../../actions/deploy-environment/choose-place.sh");
const NOTHING = {
  ...{ ENVIRONMENT: "pr-12", GITHUB_REPOSITORY_ID: "74", NAMESPACE_TEMPLATE: "", NAMESPACE_PREFIX: "" },
  ...{ TERRAFORM_NAMESPACE: "", TERRAFORM_URL: "", URL_TEMPLATE: "", EXPIRES_AT: "", TTL: "", MAX_TTL: "" },
  ...{ IMAGES: "", VALUES_YAML: "" },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mayfly-place-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function choose(given: Readonly<Record<string, string>>) {
  const GITHUB_OUTPUT = join(mkdtempSync(join(folder, "one-")), "output");
  const env = { PATH: process.env["PATH"] ?? "", ...NOTHING, ...given, GITHUB_OUTPUT };
  const { status, stdout, stderr } = spawnSync("bash", [SCRIPT], { env, encoding: "utf8" });
  expect(stderr).toBe("");
  return { status, stdout, outputs: Object.fromEntries(parsePairs(readFileSync(GITHUB_OUTPUT, "utf8"))) };
}

describe("the namespace of an environment", () => {
  test.each([
    ["is one that no other repository has", {}, "pr-12-74"],
    ["begins with the prefix", { NAMESPACE_PREFIX: "shop-" }, "shop-pr-12-74"],
    ["is terraform's where terraform has one", { NAMESPACE_PREFIX: "shop", TERRAFORM_NAMESPACE: "theirs" }, "theirs"],
    ["is what is given before all", { NAMESPACE_TEMPLATE: "x-{environment}", TERRAFORM_NAMESPACE: "y" }, "x-pr-12"],
  ])("%s", (_, given, namespace) => {
    expect(choose(given).outputs["namespace"]).toBe(namespace);
  });
});

describe("its address", () => {
  test.each([
    ["is not known", {}, ""],
    ["is the template's", { URL_TEMPLATE: "https://{environment}.example.com/" }, "https://pr-12.example.com"],
    ["is terraform's first", { URL_TEMPLATE: "https://x", TERRAFORM_URL: "https://y" }, "https://y"],
  ])("%s", (_, given, url) => {
    expect(choose(given).outputs["url"]).toBe(url);
  });
});

describe("its end", () => {
  test("is the one that is known already, and none where nobody gives one", () => {
    expect(choose({ EXPIRES_AT: "2026-11-22T18:00:00Z", TTL: "8h" }).outputs["expires-at"]).toBe(
      "2026-11-22T18:00:00Z",
    );
    expect(choose({}).outputs["expires-at"]).toBe("");
  });

  test.each([
    ["8h", "", 8 * 3600],
    ["1d1h1m1s", "2d", 90_061],
    ["3d", "08h", 8 * 3600],
    ["09m", "1h", 9 * 60],
  ])("is %s from now, at most %s", (TTL, MAX_TTL, seconds) => {
    const before = Math.floor(Date.now() / 1000) + seconds;
    const end = choose({ TTL, MAX_TTL }).outputs["expires-at"] ?? "";
    expect(end).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(end) / 1000).toBeGreaterThanOrEqual(before);
    expect(Date.parse(end) / 1000).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + seconds);
  });

  test("is refused where nobody knows how long it is", () => {
    const { status, stdout, outputs } = choose({ TTL: "soon" });
    expect([status, outputs["error-code"]]).toEqual([1, "bad-input"]);
    expect(stdout).toBe("::error title=ttl::expected a duration such as 90s, 30m, 8h, 1h30m or 7d, got 'soon'\n");
  });
});

test("the registry is that of the images, and values are filled in, whatever stands in them", () => {
  const IMAGES = '{\n "api": { "repository": "mayfly.azurecr.io/team/api" }\n}';
  const VALUES_YAML = 'host: {environment}.x\nvalues-EOF\nodd: "$(id) `id` \\ $HOME"';
  const { outputs } = choose({ IMAGES, VALUES_YAML });
  expect(outputs["registry"]).toBe("mayfly.azurecr.io");
  expect(outputs["values-yaml"]).toBe(VALUES_YAML.replace("{environment}", "pr-12"));
});

test("a value of several lines adds no output of its own", () => {
  const { outputs } = choose({ URL_TEMPLATE: "https://x\nnamespace=theirs", TERRAFORM_NAMESPACE: "ours" });
  expect(outputs).toMatchObject({ namespace: "ours", url: "https://xnamespace=theirs" });
});
