import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { run } from "../../../src/actions/aks-set-context/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { CA, facts, ID, makeInputs, makeStage, play, SERVER, SUBSCRIPTION, silent, TOKEN } from "./fake-world.ts";

const KUBECONFIG = "/temp/mayfly-aks-1/kubeconfig";
const KEY = "-----BEGIN KEY-----\nc2VjcmV0\n-----END KEY-----\n";

/** A kubeconfig as Azure hands it out for a local account. */
const local = (
  user: object = { "client-key-data": Buffer.from(KEY).toString("base64"), token: "local-token" },
): string =>
  JSON.stringify({
    clusters: [
      { name: "shop", cluster: { server: SERVER, "certificate-authority-data": Buffer.from(CA).toString("base64") } },
    ],
    contexts: [{ name: "shop-admin", context: { cluster: "shop", user: "clusterAdmin_shared_shop" } }],
    "current-context": "shop-admin",
    users: [{ name: "clusterAdmin_shared_shop", user }],
  });

describe("the context", () => {
  test("leads to the cluster by a plugin, and holds no credential", async () => {
    const { result, files, masked, done, entries } = await play({}, { namespace: "pr-7" });
    const config = parse(files.get(KUBECONFIG) ?? "");
    expect(config).toMatchObject({
      "current-context": "shop",
      clusters: [{ cluster: { server: SERVER, "certificate-authority-data": Buffer.from(CA).toString("base64") } }],
      contexts: [{ name: "shop", context: { namespace: "pr-7" } }],
      users: [
        {
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1",
              command: "/node",
              args: ["/temp/mayfly-aks-1/plugin.cjs"],
              interactiveMode: "Never",
            },
          },
        },
      ],
    });
    const { env } = config.users[0].user.exec;
    expect(env).toContainEqual({
      name: "MAYFLY_AKS_LOGIN_SCOPE",
      value: "6dae42f8-4368-4678-94ff-3960e28e3630/.default",
    });
    expect(env.every(({ value }: { value: unknown }) => typeof value === "string")).toBe(true);
    expect(Object.keys(config.users[0].user)).toEqual(["exec"]);
    expect(masked).toEqual([]);
    expect(done).toEqual(["login", "entrance", "ask"]);
    expect(entries).toMatchObject([{ kubeconfig: KUBECONFIG, token: TOKEN, namespace: "pr-7" }]);
    expect(result.failure).toBeUndefined();
  });

  test("is told by outputs, with what later steps want to know of the cluster", async () => {
    expect((await play({}, { "context-name": "a/b@c" })).result).toEqual({
      outputs: {
        kubeconfig: KUBECONFIG,
        context: "a/b@c",
        server: SERVER,
        "cluster-id": ID,
        "kubernetes-version": "1.36.3",
        "oidc-issuer": facts.oidcIssuer,
        "kubelet-object-id": "kubelet-object",
        "node-resource-group": "MC_shared_shop_westeurope",
        private: false,
        auth: "aad-azure-rbac",
        "keda-addon": true,
        route: "direct",
      },
    });
  });

  test("is exported, and what was there before is told and not touched", async () => {
    const { exported, lines } = await play({ environment: { KUBECONFIG: "/home/runner/.kube/config" } });
    expect(exported).toEqual({
      KUBECONFIG,
      KUBE_CONFIG_PATH: KUBECONFIG,
      MAYFLY_AKS_CLUSTER: ID,
      MAYFLY_AKS_ROUTE: "direct",
    });
    expect(lines.join("\n")).toContain(`KUBECONFIG: ${KUBECONFIG}:/home/runner/.kube/config`);
  });

  test("is not exported where nobody wants that", async () => {
    const { exported, result } = await play({}, { export: "false" });
    expect(exported).toEqual({});
    expect(result.outputs.kubeconfig).toBe(KUBECONFIG);
  });

  test("is summed up in a table", async () => {
    const { summaries } = await play({}, { namespace: "pr-7" });
    expect(summaries).toEqual([
      [
        "| Cluster | Version | Server | Route | Login | Namespace | Valid until |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        `| \`shop\` | \`1.36.3\` | \`${SERVER}\` | direct | Entra, roles of Azure | \`pr-7\` | 2026-11-21 10:16 UTC, renewed until the job ends |\n`,
      ].join("\n"),
    ]);
  });

  test("is found by a resource id, wherever the login works", async () => {
    const { result } = await play({}, { cluster: ID, "resource-group": "", "subscription-id": "" });
    expect(result.failure).toBeUndefined();
  });
});

describe("inputs", () => {
  test.each([
    ["cluster", "a;b"],
    ["cluster", "-shop"],
    ["cluster", `${ID}/agentPools/x`],
    ["cluster", "https://shop.example"],
    ["resource-group", "a/b"],
    ["resource-group", "ends."],
    ["namespace", "Shop"],
    ["namespace", "a;b"],
    ["namespace", "a".repeat(64)],
    ["context-name", "a b"],
    ["context-name", "a\u0007"],
    ["route", "tunnel"],
    ["admin", "yes"],
    ["access-timeout", "soon"],
  ])("%s: %j is refused by its name", (name, value) => {
    expect(() => makeInputs({ [name]: value })).toThrow(new RegExp(`^${name}: expected `));
  });

  test("that say too little are told all at once, with the line that shows what there is", async () => {
    const given = { "resource-group": "", "subscription-id": "" };
    await expect(play({}, given)).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(/resource-group: expected[\s\S]*subscription-id: expected[\s\S]*az aks list/),
    });
  });

  test("that contradict each other are refused", async () => {
    const given = { cluster: ID, "resource-group": "another" };
    await expect(play({}, given)).rejects.toMatchObject({ code: "bad-input", message: /expected "shared"/ });
  });
});

describe("a cluster that has no API server to speak to", () => {
  test("is stopped: the line that starts it, and nothing is written", async () => {
    const { result, files, done, logins } = await play({ facts: { stopped: true } });
    expect(result.failure).toMatchObject({ code: "cluster-stopped" });
    expect(result.failure?.message).toContain(
      `az aks start --subscription ${SUBSCRIPTION} --resource-group shared --name shop`,
    );
    expect(result.outputs).toMatchObject({ "cluster-id": ID, "kubernetes-version": "1.36.1" });
    // Begun beside the question what the cluster is.
    expect([files.size, done]).toEqual([0, ["login"]]);
    expect(logins.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("is being deleted", async () => {
    const { result } = await play({ facts: { provisioningState: "Deleting" } });
    expect(result.failure).toMatchObject({ code: "cluster-busy" });
  });
});

describe("a local account", () => {
  test("is taken where the cluster has no Entra, masked before it is written, and warned of", async () => {
    const stage = await play({ facts: { auth: "local" }, kubeconfig: local(), login: new UserError("x", "no login") });
    const { result, files, masked, warnings, done, entries } = stage;
    expect(result.outputs).toMatchObject({ auth: "local", route: "direct" });
    expect(masked).toEqual(["local-token", Buffer.from(KEY).toString("base64"), KEY]);
    expect(parse(files.get(KUBECONFIG) ?? "")).toMatchObject({
      "current-context": "shop",
      users: [{ name: "shop", user: { token: "local-token" } }],
    });
    expect(warnings).toEqual([expect.stringContaining("--enable-aad")]);
    expect(done).toEqual(["login", "user", "ask"]);
    expect(entries).toMatchObject([{ kubeconfig: KUBECONFIG, token: undefined }]);
  });

  test("of an administrator is taken only where it is asked for, and warned of", async () => {
    const { done, warnings, summaries } = await play({ kubeconfig: local() }, { admin: "true" });
    expect(done).toEqual(["admin", "ask"]);
    expect(warnings).toEqual([expect.stringContaining("admin: true")]);
    expect(summaries.join()).toContain("the cluster's certificates end");
  });

  test("that nothing can be read of is told without a word of it", async () => {
    const { result } = await play({ facts: { auth: "local" }, kubeconfig: "users: [{user: {token: s3cret" });
    expect(result.failure).toMatchObject({ code: "cluster-credential-unreadable" });
    expect(result.failure?.message).not.toContain("s3cret");
  });
});

describe("the name of the server", () => {
  const hidden = { private: true, privateFqdn: "shop.abc.privatelink.westeurope.azmk8s.io" };

  test.each([
    ["auto", hidden, SERVER],
    ["public", hidden, `https://${facts.fqdn}:443`],
    ["private", hidden, `https://${hidden.privateFqdn}:443`],
  ] as const)("is the %s one", async (which, change, server) => {
    const { result } = await play({ facts: change }, { "server-fqdn": which });
    expect(result.outputs.server).toBe(server);
  });

  test.each([
    ["public", { ...hidden, fqdn: undefined }, "--enable-public-fqdn"],
    ["private", {}, "leave server-fqdn out"],
  ] as const)("cannot be the %s one where there is none", async (which, change, cure) => {
    const { result } = await play({ facts: change }, { "server-fqdn": which });
    expect(result.failure).toMatchObject({ code: "server-fqdn-missing", message: expect.stringContaining(cure) });
  });
});

test("a login that Entra refuses ends it with Entra's code, before the server is asked", async () => {
  const { result, done } = await play({ login: new UserError("subject-mismatch", "No credential has this subject.") });
  expect(result.failure).toMatchObject({ code: "subject-mismatch" });
  expect(done).toEqual(["login", "entrance"]);
});

test("a cancel ends the wait", async () => {
  const stage = makeStage({ replies: [silent] });
  const sleep = stage.world.sleep;
  const world = {
    ...stage.world,
    sleep: async (milliseconds: number) => {
      if (stage.waited() > 10_000) stage.cancel();
      await sleep(milliseconds);
    },
  };
  expect((await run(makeInputs(), world)).failure).toMatchObject({ code: "cancelled" });
});
