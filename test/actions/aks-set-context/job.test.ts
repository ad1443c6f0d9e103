import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { type JobScene, openJobScene } from "./job-scene.ts";

/** A later step: writes down what files there are, who may read them, and what the environment says. */
const LATER = `
import { copyFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
const [to] = process.argv.slice(2);
const kubeconfig = process.env.KUBECONFIG;
const folder = dirname(kubeconfig);
const mode = (file) => (statSync(file).mode & 0o777).toString(8);
const files = readdirSync(folder).sort().map((name) => [name, mode(join(folder, name))]);
copyFileSync(kubeconfig, to + ".yaml");
writeFileSync(to, JSON.stringify({ folder, mode: mode(folder), files, same: process.env.KUBE_CONFIG_PATH === kubeconfig, cluster: process.env.MAYFLY_AKS_CLUSTER, route: process.env.MAYFLY_AKS_ROUTE }));
`;

/** A step that looks around as a later step sees it. */
function look(scene: JobScene, name: string) {
  const script = join(scene.folder, "later.mjs");
  const to = join(scene.folder, name);
  writeFileSync(script, LATER);
  return {
    step: { id: name, run: `node ${script} ${to}` },
    read: () => ({
      ...JSON.parse(readFileSync(to, "utf8")),
      kubeconfig: parse(readFileSync(`${to}.yaml`, "utf8")),
    }),
  };
}

/** A step that asks the plugin of the kubeconfig for a credential, as kubectl does, and writes it down. */
function askPlugin(scene: JobScene, name: string) {
  const script = join(scene.folder, "ask.mjs");
  const to = join(scene.folder, name);
  const yaml = JSON.stringify(new URL("../../../node_modules/yaml/dist/index.js", import.meta.url).href);
  writeFileSync(
    script,
    `import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import yaml from ${yaml};
const { exec } = yaml.parse(readFileSync(process.env.KUBECONFIG, "utf8")).users[0].user;
const env = { ...process.env, ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value])) };
writeFileSync(process.argv[2], execFileSync(exec.command, exec.args, { env }));
`,
  );
  return { step: { id: name, run: `node ${script} ${to}` }, read: () => JSON.parse(readFileSync(to, "utf8")) };
}

describe("a job that sets its context", () => {
  test("has a kubeconfig that later steps can use and only its user can read; afterwards nothing is left", async () => {
    await using scene = await openJobScene();
    const { api, id, fqdn } = await scene.add("shop", { aadProfile: { managed: true, enableAzureRBAC: true } });
    const [seen, later] = [look(scene, "seen"), askPlugin(scene, "later")];
    const result = await scene.play([
      scene.use("context", { cluster: "shop", namespace: "pr-7" }),
      seen.step,
      later.step,
    ]);
    expect(result.annotations).toEqual([]);
    expect(result.conclusion).toBe("success");
    const [step] = result.steps;
    expect(step?.outputs).toMatchObject({
      context: "shop",
      server: `https://${fqdn}:443`,
      "cluster-id": id,
      "kubernetes-version": "1.36.3",
      private: "false",
      auth: "aad-azure-rbac",
      route: "direct",
      "error-code": "",
    });
    const { folder, mode, files, same, cluster, route, kubeconfig } = seen.read();
    expect([mode, same, cluster, route]).toEqual(["700", true, id, "direct"]);
    expect(files).toEqual([
      ["kubeconfig", "600"],
      ["plugin.cjs", expect.stringMatching(/^[46]\d\d$/)],
      ["token.json", "600"],
    ]);
    expect(kubeconfig.contexts[0].context).toEqual({ cluster: "shop", user: "shop", namespace: "pr-7" });

    // What the proof needed is what later steps get: one token for all of them, masked wherever it turns up.
    const token: string = later.read().status.token;
    expect(scene.azure.traffic.find({ method: "POST", host: "login.microsoftonline.com" })).toHaveLength(2);
    const commands = result.log.filter(({ kind }) => kind === "command").map(({ text }) => text);
    expect(result.log.map(({ text }) => text).join("\n")).not.toContain(token);
    expect(commands.join("\n")).not.toContain(token);
    expect(api.asked.sort()).toEqual([
      `GET /version ${scene.team.principal.objectId}`,
      `POST /apis/authentication.k8s.io/v1/selfsubjectreviews ${scene.team.principal.objectId}`,
      `POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews ${scene.team.principal.objectId}`,
    ]);
    expect(result.log.map(({ text }) => text)).toContain(`Removed ${folder}`);
    expect(result.summary).toContain("| `shop` | `1.36.3` |");
    expect(scene.azure.traffic.refused()).toEqual([]);
  }, 120_000);

  test("can have two clusters, each with a file of its own, and the later one by itself", async () => {
    await using scene = await openJobScene();
    await scene.add("one");
    const two = await scene.add("two");
    const seen = look(scene, "seen");
    const result = await scene.play([
      scene.use("first", { cluster: "one" }),
      scene.use("second", { cluster: two.id, "context-name": "second" }),
      seen.step,
    ]);
    expect(result.conclusion).toBe("success");
    const [first, second] = result.steps.map(({ outputs }) => outputs["kubeconfig"]);
    expect(first).not.toBe(second);
    expect(seen.read().kubeconfig["current-context"]).toBe("second");
    expect(result.log.map(({ text }) => text).join("\n")).toContain(`KUBECONFIG was ${first}`);
    expect(result.log.filter(({ text }) => text.startsWith("Removed "))).toHaveLength(2);
  }, 120_000);

  test.each([
    ["cluster-stopped", {}, (scene: JobScene, id: string) => scene.azure.aks.setPower(id, "Stopped")],
    ["cluster-private", { apiServerAccessProfile: { enablePrivateCluster: true, disableRunCommand: true } }, undefined],
    ["runner-not-authorized", { apiServerAccessProfile: { authorizedIPRanges: ["198.51.100.0/24"] } }, undefined],
  ] as const)(
    "is told by its code why there is no way: %s",
    async (code, properties, arrange) => {
      await using scene = await openJobScene();
      const { id } = await scene.add("shop", properties);
      arrange?.(scene, id);
      const result = await scene.play([scene.use("context", { cluster: "shop", route: "direct" })]);
      expect(result.steps[0]?.outputs["error-code"]).toBe(code);
      expect(result.steps[0]?.outputs["cluster-id"]).toBe(id);
      expect(result.env["KUBECONFIG"]).toBeUndefined();
      expect(result.annotations).toHaveLength(1);
    },
    120_000,
  );

  test("gets to a private cluster by commands that Azure runs in it, and tells later steps", async () => {
    await using scene = await openJobScene();
    const kubectl = `case "$1" in get) echo '{"gitVersion":"v1.36.3"}';; auth) echo '{"username":"who"}';; esac`;
    const { id } = await scene.add("shop", { apiServerAccessProfile: { enablePrivateCluster: true } }, kubectl);
    const actions = ["read", "runCommand/action", "commandResults/read"].map(
      (action) => `Microsoft.ContainerService/managedClusters/${action}`,
    );
    scene.team.assign({ name: "commands", actions }, id);
    const seen = look(scene, "seen");
    const result = await scene.play([scene.use("context", { cluster: "shop" }), seen.step]);
    expect(result.annotations).toEqual([]);
    expect(result.steps[0]?.outputs).toMatchObject({ route: "run-command", "kubernetes-version": "1.36.3" });
    expect(seen.read()).toMatchObject({ route: "run-command", cluster: id });
  }, 120_000);

  test("is told which role is missing, in the words of Azure's authorization", async () => {
    await using scene = await openJobScene();
    const { api, id } = await scene.add("shop", { aadProfile: { managed: true, enableAzureRBAC: true } });
    api.denial = "User does not have access to the resource in Azure. Update role assignment to allow access.";
    const result = await scene.play([
      scene.use("context", { cluster: "shop", namespace: "pr-7", "access-timeout": "0s" }),
    ]);
    expect(result.steps[0]?.outputs["error-code"]).toBe("cluster-access-denied");
    expect(result.annotations[0]?.message).toContain(`--scope ${id}/namespaces/pr-7`);
    expect(result.annotations[0]?.message).toContain(scene.team.principal.objectId);
  }, 120_000);

  test("gets the credential of a local account masked, where the cluster has nothing else", async () => {
    await using scene = await openJobScene();
    await scene.add("shop", { aadProfile: undefined });
    const result = await scene.play([
      scene.use("context", { cluster: "shop", "access-timeout": "0s" }),
      { id: "leak", if: "always()", run: "echo admin-token" },
    ]);
    expect(result.log.find(({ step, text }) => step === "leak" && text === "***")).toBeDefined();
    expect(result.annotations.map(({ message }) => message).join()).toContain("--enable-aad");
  }, 120_000);

  test("is told what Entra minds", async () => {
    await using scene = await openJobScene();
    await scene.add("shop");
    // ARM's token is given, the API server's is not.
    scene.azure.faults.add(
      { name: "policy", when: { host: "login.microsoftonline.com" }, after: 1 },
      {
        kind: "respond",
        status: 401,
        body: { error: "invalid_client", error_description: "AADSTS53003: blocked.", error_codes: [53003] },
      },
    );
    const result = await scene.play([scene.use("context", { cluster: "shop" })]);
    expect(result.steps[0]?.outputs["error-code"]).toBe("conditional-access");
    expect(result.annotations[0]?.message).toContain("AADSTS53003");
  }, 120_000);

  test("is told that the cluster's name is another", async () => {
    await using scene = await openJobScene();
    const { id } = await scene.add("shop");
    scene.team.assign("Reader", id.replace(/\/providers\/.*/, ""));
    const result = await scene.play([scene.use("context", { cluster: "shpo" })]);
    expect(result.steps[0]?.outputs["error-code"]).toBe("cluster-not-found");
  }, 120_000);
});
