import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { renderSummary } from "../../../src/actions/preview/render-summary.ts";
import { SUMMARY_BUDGET_BYTES } from "../../../src/kit/markdown.ts";
import { findNextSweep } from "../../../src/preview/next-sweep.ts";
import type { PreviewStory } from "../../../src/preview/story.ts";
import { anyStory, expectHarmless } from "./any-story.ts";
import { NOW, row, story } from "./stories.ts";

const expiresAt = new Date("2026-11-22T17:20:00Z");
/** What deploy.yml has to tell: no pull request. */
const deployed: Partial<PreviewStory> = {
  pullRequest: undefined,
  environment: "shared-test",
  url: "http://shop-test.westeurope.cloudapp.azure.com/",
  expiresAt,
  sweep: findNextSweep("17 9 * * *", expiresAt),
  place: {
    subscriptionId: "6f1e9d0c-1111-4222-8333-444455556666",
    resourceGroup: "shop-shared-test-9f2c1a",
    cluster: "aks-shop",
    clusterResourceGroup: "shop-shared",
    registry: "mayfly.azurecr.io",
    namespace: "shared-test",
  },
  release: { name: "shop", revision: "3", status: "deployed", appVersion: "1.4.0" },
  images: [{ name: "api", repository: "mayfly.azurecr.io/api", tag: "1.4.0", digest: `sha256:${"cd".repeat(32)}` }],
  smoke: [row("http GET /")],
};
const render = (other: Partial<PreviewStory>): string => renderSummary(story(other), SUMMARY_BUDGET_BYTES);

describe("the summary of an environment without a pull request", () => {
  const text = render(deployed);

  test.each([
    "| **Address** | [shop\\-test.westeurope.cloudapp.azure.com](<http://shop-test.westeurope.cloudapp.azure.com/>) |",
    "| **Environment** | `shared-test` |",
    "| **Resource group** | `shop-shared-test-9f2c1a` |",
    "| **Cluster** | `aks-shop` in `shop-shared` |",
    "| **Registry** | `mayfly.azurecr.io` |",
    "| **Namespace** | `shared-test` |",
    "| **Release** | `shop`, revision 3, **deployed**, version `1.4.0` |",
    "| **Expires** | **22 Nov 2026, 17:20 UTC** (in 8h). Deleted by the sweep of 09:17 UTC on 23 Nov 2026 (GitHub may start it late). |",
    `| api | \`mayfly.azurecr.io/api\` | \`1.4.0\` | \`sha256:${"cd".repeat(32)}\` |`,
    "**Smoke test:** ✅ 1 check passed",
  ])("has %s", (line) => {
    expect(text).toContain(line);
  });

  test("has lines to copy that reach it, look at it, and keep it longer", () => {
    const lines = text.split("```sh\n")[1]?.split("\n```")[0]?.split("\n");
    expect(lines).toEqual([
      "curl --include http://shop-test.westeurope.cloudapp.azure.com/",
      "az aks get-credentials --resource-group shop-shared --name aks-shop --subscription 6f1e9d0c-1111-4222-8333-444455556666",
      "kubectl --namespace shared-test get pods,services,ingresses",
      "kubectl --namespace shared-test get events --sort-by=.lastTimestamp",
      "helm --namespace shared-test history shop",
      "# One more day:",
      "az tag update --resource-id /subscriptions/6f1e9d0c-1111-4222-8333-444455556666/resourceGroups/shop-shared-test-9f2c1a --operation Merge --tags expires-at=2026-11-23T17:20:00Z",
    ]);
  });

  test("prolongs a namespace of a shared cluster by its annotation", () => {
    const place = { ...story(deployed).place, resourceGroup: "" };
    expect(render({ ...deployed, place })).toContain(
      "kubectl annotate --overwrite namespace shared-test expires-at=2026-11-23T17:20:00Z",
    );
  });

  test("has no word of pull requests and commands", () => {
    expect(text).not.toMatch(/pull request|\/extend|\/destroy/i);
  });
});

describe("a summary", () => {
  test("shows where the time went", () => {
    const parts = [
      { section: "Jobs", name: "build", failed: false, fromMs: 0, toMs: 60_000 },
      { section: "Jobs", name: "deploy", failed: true, fromMs: 60_000, toMs: 200_000 },
    ];
    const text = render({ parts });
    expect(text).toContain("```mermaid\ngantt\n");
    expect(text).toContain("    deploy :crit, 00:01:00.000, 00:03:20.000");
  });

  test("quotes what stands in lines to copy", () => {
    const place = { ...story(deployed).place, namespace: "a'; rm -rf ~ #" };
    expect(render({ ...deployed, place })).toContain(`kubectl --namespace 'a'\\''; rm -rf ~ #' get pods`);
  });

  test("says nothing of an end that has come", () => {
    const receipt = { done: [], proofs: ["gone"], standing: [] };
    expect(render({ phase: "destroyed", expiresAt: NOW, receipt })).not.toMatch(/Expired|Next steps/);
  });

  test("fits any budget and does nothing to a page, whatever the story holds", () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 64, max: 200_000 }), (told, budget) => {
        const text = renderSummary(told, budget);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget);
        expectHarmless(text);
      }),
      { numRuns: 25 },
    );
  });
});
