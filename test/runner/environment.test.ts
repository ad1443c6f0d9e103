import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type JobResult, runJob } from "./run-job.ts";

const repositoryRoot = join(import.meta.dirname, "fixtures");
const idToken = { requestUrl: "https://token.invalid/?api-version=2.0", requestToken: "request-token" };
const dump =
  "put('OUTPUT', 'env=' + JSON.stringify({ ...env, cwd: process.cwd(), stdin: fs.readFileSync(0, 'utf8') }))";

describe("the environment of a step", () => {
  let result: JobResult;
  let js: Record<string, string>;
  let sh: Record<string, string>;
  beforeAll(async () => {
    process.env["LEAK_OF_THE_TEST"] = "1";
    result = await runJob({
      repositoryRoot,
      permissions: { "id-token": "write" },
      idToken,
      machineEnv: { HTTPS_PROXY: "http://127.0.0.1:1", NODE_ICU_DATA: "/nowhere" },
      env: { LEVEL: "job", SHARED: "job" },
      github: { ref: "refs/tags/v1", event: { number: 5 }, token: "ghs_token" },
      debug: true,
      steps: [
        { id: "files", run: 'echo ADDED=1 >> "$GITHUB_ENV"; printf "/opt/b\\n/opt/c\\n/opt/b\\n" >> "$GITHUB_PATH"' },
        {
          id: "js",
          uses: "$/actions/probe",
          env: { LEVEL: "step" },
          with: { pre: "put('STATE', 'Early=1\\n')", main: dump, post: "say(env.STATE_Early + env.ADDED)" },
        },
        {
          id: "sh",
          run: 'if read -r line; then exit 9; fi; jq_less=$(env | tr "\\n" "|"); echo "env=$jq_less" >> "$GITHUB_OUTPUT"',
        },
      ],
    });
    const of = (id: string): string =>
      result.steps.find((step) => step.id === id && step.stage === "main")?.outputs["env"] ?? "";
    js = JSON.parse(of("js")) as Record<string, string>;
    sh = Object.fromEntries(
      of("sh")
        .split("|")
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
  });
  afterAll(() => {
    delete process.env["LEAK_OF_THE_TEST"];
  });

  test("is built from nothing, with the machine's part and the job's", () => {
    expect(result.conclusion).toBe("success");
    expect(js["LEAK_OF_THE_TEST"]).toBeUndefined();
    expect(js).toMatchObject({ HTTPS_PROXY: "http://127.0.0.1:1", LEVEL: "step", SHARED: "job", CI: "true" });
    expect(sh).toMatchObject({ LEVEL: "job", GITHUB_ACTIONS: "true" });
    expect(result.log.some((line) => line.text.includes("HTTPS_PROXY"))).toBe(false);
  });

  test("has what earlier steps wrote to GITHUB_ENV and GITHUB_PATH, the last entry first", () => {
    expect(js["ADDED"]).toBe("1");
    expect(js["PATH"]).toMatch(/^\/opt\/b:\/opt\/c:\/usr\/local\/sbin:/);
    expect(result.path).toEqual(["/opt/b", "/opt/c"]);
    expect(result.env).toEqual({ LEVEL: "job", SHARED: "job", ADDED: "1" });
  });

  test("has the runner's variables and no token", () => {
    expect(js).toMatchObject({
      GITHUB_ACTION: "js",
      GITHUB_ACTION_REPOSITORY: "octo-org/octo-app",
      GITHUB_REF_NAME: "v1",
      GITHUB_REF_TYPE: "tag",
      GITHUB_REF_PROTECTED: "false",
      RUNNER_OS: expect.stringMatching(/Linux|macOS/),
      RUNNER_DEBUG: "1",
      RUNNER_ENVIRONMENT: "github-hosted",
    });
    expect(js["GITHUB_TOKEN"]).toBeUndefined();
    expect(js["RUNNER_WORKSPACE"]).toBe(js["GITHUB_WORKSPACE"]?.replace(/\/[^/]+$/, ""));
    expect(sh["GITHUB_ACTION_REPOSITORY"]).toBeUndefined();
  });

  test("gives runtime variables to JavaScript actions only, the id token's pair to both", () => {
    expect(js).toMatchObject({ ACTIONS_RUNTIME_URL: "https://pipelines.invalid/", ACTIONS_CACHE_SERVICE_V2: "True" });
    expect(js["NODE_ICU_DATA"]).toBeUndefined();
    expect(Object.keys(sh).filter((name) => name.startsWith("ACTIONS_"))).toEqual(
      expect.arrayContaining(["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]),
    );
    expect(Object.keys(sh).filter((name) => /^ACTIONS_(RUNTIME|RESULTS|CACHE)/.test(name))).toEqual([]);
    expect(js["ACTIONS_ID_TOKEN_REQUEST_URL"]).toBe(idToken.requestUrl);
  });

  test("starts in the workspace with closed stdin", () => {
    expect(js["cwd"]).toBe(js["GITHUB_WORKSPACE"]);
    expect(js["stdin"]).toBe("");
  });

  test("has fresh command files in each stage, and state under its own spelling in later ones", () => {
    expect(js["STATE_Early"]).toBe("1");
    expect(js["GITHUB_OUTPUT"]).toContain("/_runner_file_commands/set_output_");
    expect(js["GITHUB_OUTPUT"]?.split("set_output_")[1]).not.toBe(sh["GITHUB_OUTPUT"]?.split("set_output_")[1]);
    expect(result.log.at(-1)?.text).toBe("11");
  });

  test("is gone from disk when the job is over", () => {
    expect(existsSync(js["RUNNER_TEMP"] ?? "")).toBe(false);
  });
});

test("a job without id-token: write has no way to an id token", async () => {
  const steps = [{ run: "env | grep -c ID_TOKEN || true" }];
  const result = await runJob({ repositoryRoot, idToken, permissions: { contents: "read" }, steps });
  expect(result.log.at(-1)?.text).toBe("0");
});
