import { play, type Stage } from "./stage.ts";

export const DIGEST = `sha256:${"ab".repeat(32)}`;
export const MARKER = "<!-- mayfly:preview:pr-12 -->";
/** A report of a smoke test in which one of two checks failed. */
export const SMOKE = JSON.stringify({
  kind: "SmokeReport",
  tests: [
    {
      name: "shop",
      steps: [
        {
          name: "answers",
          outcome: "failed",
          checks: [
            { name: "GET /", outcome: "passed", optional: false, durationMs: 120, expected: "200", seen: "200" },
            { name: "GET /cart", outcome: "failed", optional: false, durationMs: 900, expected: "200", seen: "503" },
          ],
          evidence: [
            { title: "events", text: "Warning BackOff" },
            { title: "log of shop-5dc6/api", text: "starting\nboom: no such table\n" },
          ],
        },
      ],
    },
  ],
});

/** What deploy-environment gives. */
export const DEPLOYED = {
  url: "https://pr-12.preview.example.com",
  environment: "pr-12",
  "resource-group": "shop-pr-12",
  cluster: "aks-shop",
  "cluster-resource-group": "shop-shared",
  registry: "mayfly.azurecr.io",
  namespace: "pr-12-599293758",
  release: "shop",
  revision: "3",
  status: "deployed",
  "app-version": "1.4.0",
  images: JSON.stringify({ api: { repository: "mayfly.azurecr.io/api", tag: "pr-12-1f3c0a9", digest: DIGEST } }),
  "image-digests": "{}",
  "expires-at": "2026-11-22T14:20:00Z",
  "smoke-report-path": "/reports/smoke.json",
  "evidence-path": "/reports/shop",
  "duration-ms": "192000",
};
/** The same of a rollout that failed. */
export const FAILED = {
  ...DEPLOYED,
  url: "",
  status: "failed",
  cause: "Deployment/shop: container api exits with 1",
  "cause-code": "crash/exit",
  "error-code": "rollout-failed",
  "failed-step": "helm-deploy",
};
/** `needs` with a gate that said this. */
export const needsOf = (outputs: object, result = "success"): string => JSON.stringify({ gate: { result, outputs } });

export const report = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  play(stage, { command: "report", "pull-request": "12", ...inputs });
export const deployed = (stage: Stage, inputs: Readonly<Record<string, string>> = {}) =>
  report(stage, { outcome: "success", deployment: JSON.stringify(DEPLOYED), ...inputs });
export const commentOf = (stage: Stage): string => stage.comments.get(12) ?? "";
