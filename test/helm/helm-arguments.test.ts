import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Chart } from "../../src/helm/chart-reference.ts";
import {
  makePullArguments,
  makeRegistryLoginArguments,
  makeRollbackArguments,
  makeTemplateArguments,
  makeTestArguments,
  makeUninstallArguments,
  makeUpgradeArguments,
  type UpgradeFacts,
} from "../../src/helm/helm-arguments.ts";
import type { HelmOrder } from "../../src/helm/helm-order.ts";
import type { HelmVersion } from "../../src/helm/helm-version.ts";

const HELM_3: HelmVersion = { major: 3, minor: 21, text: "v3.21.4" };
const HELM_4: HelmVersion = { major: 4, minor: 2, text: "v4.2.4" };
const ORDER: HelmOrder = {
  release: "shop",
  namespace: "pr-12",
  chart: "./charts/shop",
  valueFiles: ["values.yaml", "pr.yaml"],
  set: ["image.tag=1,image.pullPolicy=Always"],
  setString: ["sha=00123"],
  setFile: ["ca=ca.pem"],
  setJson: ['list=["a"]'],
  timeoutMs: 300_000,
  wait: true,
  force: false,
  takeOwnership: false,
  skipCrds: true,
  context: undefined,
};
const FACTS: UpgradeFacts = {
  labels: { "mayfly-run-id": "1", "mayfly-job": "deploy" },
  description: "https://github.com/octo/shop/actions/runs/1",
  mayWatch: true,
};

describe("an upgrade", () => {
  test("is one call with all that was said, in its order, and never rolls back by itself", () => {
    expect(makeUpgradeArguments(ORDER, HELM_4, FACTS)).toEqual([
      "upgrade",
      "--install",
      "--namespace=pr-12",
      "--timeout=300000ms",
      "--wait=watcher",
      "--skip-crds",
      "--labels=mayfly-run-id=1,mayfly-job=deploy",
      "--description=https://github.com/octo/shop/actions/runs/1",
      "--values=values.yaml",
      "--values=pr.yaml",
      "--set=image.tag=1,image.pullPolicy=Always",
      "--set-string=sha=00123",
      "--set-file=ca=ca.pem",
      '--set-json=list=["a"]',
      "--",
      "shop",
      "./charts/shop",
    ]);
  });

  test.each<readonly [string, HelmVersion, Partial<HelmOrder>, boolean, string | undefined]>([
    ["helm 3 waits", HELM_3, {}, true, "--wait"],
    ["helm 3 does not", HELM_3, { wait: false }, true, undefined],
    ["helm 4 watches", HELM_4, {}, true, "--wait=watcher"],
    ["helm 4 asks again and again where it may not watch", HELM_4, {}, false, "--wait=legacy"],
    ["helm 4 waits for hooks only", HELM_4, { wait: false }, true, "--wait=hookOnly"],
  ])("%s", (_, version, order, mayWatch, flag) => {
    const parameters = makeUpgradeArguments({ ...ORDER, ...order }, version, { ...FACTS, mayWatch });
    expect(parameters.find((one) => one.startsWith("--wait"))).toBe(flag);
  });

  test("takes fields from others by server-side apply alone, which helm 3 does not know", () => {
    const force = { ...ORDER, force: true };
    expect(makeUpgradeArguments(force, HELM_4, FACTS)).toEqual(
      expect.arrayContaining(["--server-side=true", "--force-conflicts"]),
    );
    expect(makeUpgradeArguments(force, HELM_3, FACTS).join(" ")).not.toMatch(/force|server-side/);
    expect(makeUpgradeArguments(ORDER, HELM_4, FACTS).join(" ")).not.toMatch(/force|server-side/);
  });

  test("names a file with a comma or quotes so that helm takes it for one", () => {
    const parameters = makeUpgradeArguments({ ...ORDER, valueFiles: ['a,"b.yaml'] }, HELM_4, FACTS);
    expect(parameters).toContain('--values="a,""b.yaml"');
  });
});

describe("other calls", () => {
  test("render with what the cluster knows, or without it", () => {
    const facts = { online: true, upgrade: true, kubeVersion: "v1.36.3", apiVersions: ["keda.sh/v1alpha1"] };
    expect(makeTemplateArguments(ORDER, HELM_4, facts).slice(0, 5)).toEqual([
      "template",
      "--namespace=pr-12",
      "--dry-run=server",
      "--is-upgrade",
      "--include-crds",
    ]);
    expect(makeTemplateArguments(ORDER, HELM_3, facts)).toEqual(
      expect.arrayContaining(["--dry-run=server", "--kube-version=v1.36.3", "--api-versions=keda.sh/v1alpha1"]),
    );
    const offline = makeTemplateArguments(ORDER, HELM_4, { ...facts, online: false, upgrade: false });
    expect(offline).toEqual(expect.arrayContaining(["--kube-version=v1.36.3", "--api-versions=keda.sh/v1alpha1"]));
    expect(offline.join(" ")).not.toMatch(/dry-run|is-upgrade/);
  });

  test.each([
    [HELM_4, { online: true }, true, true],
    [HELM_4, { online: true }, false, false],
    [HELM_4, { online: true, adopt: true }, false, true],
    [HELM_4, { online: false }, true, false],
    [HELM_3, { online: true }, true, false],
  ] as const)(
    "render what is there without helm where that is taken over, and helm asks: %j, %j, %p",
    (version, facts, takeOwnership, taken) => {
      const parameters = makeTemplateArguments({ ...ORDER, takeOwnership }, version, { ...facts, upgrade: false });
      expect(parameters.includes("--take-ownership")).toBe(taken);
    },
  );

  test("go back to a revision that is named, and wait", () => {
    expect(makeRollbackArguments({ ...ORDER, context: "aks" }, 7, HELM_4)).toEqual([
      "rollback",
      "--namespace=pr-12",
      "--kube-context=aks",
      "--timeout=300000ms",
      "--wait=watcher",
      "--",
      "shop",
      "7",
    ]);
    expect(makeRollbackArguments({ ...ORDER, force: true }, 7, HELM_4, false)).toEqual(
      expect.arrayContaining(["--wait=legacy", "--server-side=true", "--force-conflicts"]),
    );
  });

  test("wait until all that is uninstalled is gone, in the words of each helm", () => {
    const both = ["--cascade=foreground", "--ignore-not-found", "--timeout=300000ms"];
    expect(makeUninstallArguments(ORDER, HELM_3)).toEqual(expect.arrayContaining([...both, "--wait"]));
    expect(makeUninstallArguments(ORDER, HELM_4)).toEqual(expect.arrayContaining([...both, "--wait=legacy"]));
    expect(makeUninstallArguments(ORDER, HELM_4)).not.toContain("--keep-history");
  });

  test("log in without the password", () => {
    expect(makeRegistryLoginArguments("mayfly.azurecr.io", "00000000-0000-0000-0000-000000000000")).toEqual([
      "registry",
      "login",
      "--username=00000000-0000-0000-0000-000000000000",
      "--password-stdin",
      "--",
      "mayfly.azurecr.io",
    ]);
  });

  test("pull a chart from where it is", () => {
    const keda: Chart = { kind: "repository", url: "https://a.example", name: "keda", given: "keda" };
    const target = ["--version=2.20.1", "--repo=https://a.example", "--", "keda"];
    expect(makePullArguments(keda, "2.20.1", "/charts")).toEqual(["pull", "--destination=/charts", ...target]);
  });
});

test("no text from outside is ever taken for a flag", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("--post-renderer=x", "-h", "--", "--kube-token", "=", ","));
  const order: fc.Arbitrary<HelmOrder> = fc.record({
    release: text,
    namespace: text,
    chart: text,
    valueFiles: fc.array(text),
    set: fc.array(text),
    setString: fc.array(text),
    setFile: fc.array(text),
    setJson: fc.array(text),
    timeoutMs: fc.double({ min: -1, max: 1e9, noNaN: true }),
    wait: fc.boolean(),
    force: fc.boolean(),
    takeOwnership: fc.boolean(),
    skipCrds: fc.boolean(),
    context: fc.option(text, { nil: undefined }),
  });
  const known =
    /^(?:--(?:namespace|kube-context|timeout|wait|labels|description|values|set|set-string|set-file|set-json|dry-run|kube-version|api-versions|server-side)=|--(?:install|wait|take-ownership|skip-crds|server-side=true|force-conflicts|include-crds|is-upgrade|cascade=foreground|ignore-not-found)$)/s;
  fc.assert(
    fc.property(order, fc.constantFrom(HELM_3, HELM_4), text, (one, version, said) => {
      const calls = [
        makeUpgradeArguments(one, version, { ...FACTS, description: said }),
        makeTemplateArguments(one, version, { online: true, upgrade: true, kubeVersion: said, apiVersions: [said] }),
        makeRollbackArguments(one, 1, version),
        makeTestArguments(one),
        makeUninstallArguments(one, version),
      ];
      for (const [, ...rest] of calls) {
        const end = rest.indexOf("--");
        expect(rest.slice(0, end).filter((word) => !known.test(word))).toEqual([]);
        expect(rest[end + 1]).toBe(one.release);
        expect(rest.length - end).toBeLessThanOrEqual(3);
      }
    }),
  );
});
