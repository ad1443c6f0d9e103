import { describe, expect, test } from "@jest/globals";
import { expectNoSecret } from "./expect-no-secret.ts";
import type { JobResult, LogLine } from "./job.ts";

const secret = 'pass"word+42';
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const line = (text: string): LogLine => ({ kind: "plain", text, step: "s", stage: "main", masked: false });
const clean: JobResult = {
  conclusion: "success",
  steps: [],
  outputs: {},
  droppedOutputs: [],
  log: [line("nothing to see, pass word")],
  annotations: [],
  summary: "",
  env: {},
  path: [],
  orphans: [],
  durationMs: 0,
};

describe("a result without the secret", () => {
  test("is accepted", () => {
    expect(() => expectNoSecret(clean, secret)).not.toThrow();
  });
});

describe("a result with the secret is refused", () => {
  test.each<[string, Partial<JobResult>, string]>([
    ["as it is in the log", { log: [line(`x ${secret}`)] }, "log (raw)"],
    ["in JSON in the summary", { summary: JSON.stringify({ secret }) }, "summary (JSON)"],
    ["in a URI in an output", { outputs: { url: `?a=${encodeURIComponent(secret)}` } }, "job outputs (URI)"],
    ["in base64 behind other bytes", { env: { AUTH: base64(`user:${secret}:x`) } }, "env (base64"],
    ["in base64 at another alignment", { path: [base64(`ab${secret}`)] }, "path (base64"],
    ["in a process left behind", { orphans: [`tool --token ${secret}`] }, "left-over processes (raw)"],
  ])("%s", (_name, part, place) => {
    expect(() => expectNoSecret({ ...clean, ...part }, secret)).toThrow(place);
  });

  test("and the message does not tell it", () => {
    let message = "";
    try {
      expectNoSecret({ ...clean, summary: secret }, secret);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("A secret of 12 characters shows in: summary (raw)");
    expect(message).not.toContain(secret);
  });

  test("unless it is where it may be", () => {
    expect(() => expectNoSecret({ ...clean, env: { A: secret } }, secret, { except: ["env"] })).not.toThrow();
  });
});
