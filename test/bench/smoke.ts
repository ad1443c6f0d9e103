import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { needCluster } from "../cluster/need-cluster.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { measure, measureCommand, medians, mustPass } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";
import { whenSaid } from "./when-said.ts";

const ROUNDS = 3;
const CHECKS = 100;
/** How long the action is given to come to where it waits. */
const SETTLED_MS = 3_000;

/** A hundred checks that are true already against `kubectl wait` for each, and how soon a change is noticed. */
export async function benchSmoke(stage: Stage, ledger: Ledger): Promise<void> {
  const { kubectl } = needTools("kubernetes");
  const cluster = await needCluster();
  const namespace = `bench-smoke-${process.pid}`;
  const machine = { PATH: "/usr/bin:/bin", HOME: stage.folder, KUBECONFIG: cluster.kubeconfig };
  const take = async (name: string, checks: readonly object[]): Promise<Record<string, string>> => {
    const file = join(stage.folder, `${name}.yaml`);
    const spec = { timeout: "30s", interval: "10s", steps: [{ name: "all", try: checks }] };
    // JSON is YAML.
    await writeFile(
      file,
      JSON.stringify({ apiVersion: "mayfly/v1alpha1", kind: "SmokeTest", metadata: { name }, spec }),
    );
    return stage.environment({ spec: file, namespace }, machine);
  };
  const names = Array.from({ length: CHECKS }, (_, index) => `config-${index}`);
  try {
    await cluster.kubectl("create", "namespace", namespace);
    await cluster.kubectlWith(JSON.stringify({ apiVersion: "v1", kind: "List", items: names.map(config) }), ...into());
    const checks = names.map((name) => ({
      resources: { apiVersion: "v1", kind: "ConfigMap", name, assert: { data: { "(ready == 'yes')": true } } },
    }));
    const wait = names.map((name) => `configmap/${name}`).join(" ");
    const script = `for one in ${wait}; do ${kubectl} wait --namespace ${namespace} --for=jsonpath={.data.ready}=yes $one || exit 1; done`;
    const times = await medians(ROUNDS, {
      raw: async () => mustPass(await measureCommand("/bin/sh", ["-c", script], machine, stage.folder)),
      ours: async () => mustPass(await measure([stage.script("smoke-test")], await take("true", checks), stage.folder)),
    });
    ledger.atMost(`${CHECKS} checks that are true`, times.ours / 1_000, 3, "s");
    ledger.atMost(`${CHECKS} checks that are true, against kubectl wait`, times.ours / times.raw, 0.5, "x");

    const noticed: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const name = `late-${round}`;
      const late = { resources: { apiVersion: "v1", kind: "ConfigMap", name, assert: { data: { ready: "yes" } } } };
      const told = whenSaid([stage.script("smoke-test")], await take(name, [late]), "✓");
      await sleep(SETTLED_MS);
      // kubectl has started and asked before it writes: what it takes at the end is all that counts for us.
      await cluster.kubectlWith(JSON.stringify(config(name)), ...into());
      const knownAt = Date.now();
      noticed.push((await told) - knownAt);
    }
    const median = noticed.toSorted((a, b) => a - b)[2] ?? Number.NaN;
    ledger.atMost("from the API server's answer to a change being noticed", Math.max(0, median), 300, "ms");
  } finally {
    await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
  }

  function into(): readonly string[] {
    return ["create", "--namespace", namespace, "-f", "-"];
  }
}

function config(name: string): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { ready: "yes" } };
}
