import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { run } from "../../../src/actions/aks-set-context/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import {
  answered,
  CA,
  facts,
  ID,
  makeInputs,
  makeStage,
  OBJECT_ID,
  play,
  SERVER,
  SUBSCRIPTION,
  silent,
} from "./fake-world.ts";

const KUBECONFIG = "/temp/mayfly-aks-1/kubeconfig";
const MISSING_ROLE = "User does not have access to the resource in Azure. Update role assignment to allow access.";
const denied = { ...answered, access: { allowed: false, reason: MISSING_ROLE } };
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
    const { result, files, masked, done } = await play({}, { namespace: "pr-7" });
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
    expect(done).toEqual(["entrance", "login", "ask"]);
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
    const { result, files, done } = await play({ facts: { stopped: true } });
    expect(result.failure).toMatchObject({ code: "cluster-stopped" });
    expect(result.failure?.message).toContain(
      `az aks start --subscription ${SUBSCRIPTION} --resource-group shared --name shop`,
    );
    expect(result.outputs).toMatchObject({ "cluster-id": ID, "kubernetes-version": "1.36.1" });
    expect([files.size, done]).toEqual([0, []]);
  });

  test("is being deleted", async () => {
    const { result } = await play({ facts: { provisioningState: "Deleting" } });
    expect(result.failure).toMatchObject({ code: "cluster-busy" });
  });
});

describe("a local account", () => {
  test("is taken where the cluster has no Entra, masked before it is written, and warned of", async () => {
    const { result, files, masked, warnings, done } = await play({ facts: { auth: "local" }, kubeconfig: local() });
    expect(result.outputs).toMatchObject({ auth: "local", route: "direct" });
    expect(masked).toEqual(["local-token", Buffer.from(KEY).toString("base64"), KEY]);
    expect(parse(files.get(KUBECONFIG) ?? "")).toMatchObject({
      "current-context": "shop",
      users: [{ name: "shop", user: { token: "local-token" } }],
    });
    expect(warnings).toEqual([expect.stringContaining("--enable-aad")]);
    expect(done).toEqual(["user", "ask"]);
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

describe("a server that does not answer", () => {
  test("is waited for, with a line of progress, and used when it answers", async () => {
    const { result, lines, waited } = await play({ replies: [silent, silent, silent, answered] });
    expect(result.outputs.route).toBe("direct");
    expect(waited()).toBe(15_000);
    expect(lines).toContain(`[0s] ${SERVER} does not answer yet: no answer in time (ETIMEDOUT)`);
  });

  test("is given up when the time is over, and never waited for where that is 0s", async () => {
    const late = await play({ replies: [silent] }, { route: "direct" });
    expect(late.result.failure).toMatchObject({ code: "cluster-unreachable" });
    expect(late.waited()).toBe(120_000);
    const once = await play({ replies: [silent] }, { route: "direct", "access-timeout": "0s" });
    expect(once.done.filter((what) => what === "ask")).toHaveLength(1);
  });

  test("of a private cluster is given up at once: a runner in its network, or commands", async () => {
    const { result, waited } = await play({ facts: { private: true }, replies: [silent] }, { route: "direct" });
    expect(result.failure).toMatchObject({ code: "cluster-private" });
    expect(result.failure?.message).toMatch(/route: run-command[\s\S]*self-hosted runner/);
    expect(waited()).toBe(5_000);
    expect(result.outputs).toMatchObject({ private: true });
    expect(result.outputs.kubeconfig).toBeUndefined();
  });

  const ranges = { authorizedRanges: ["203.0.113.0/24", "198.51.100.7"] };

  test("minds addresses: the runner's, and the line that adds it to those that are there", async () => {
    const { result } = await play({ facts: ranges, replies: [silent], egress: "192.0.2.9" }, { route: "direct" });
    expect(result.failure).toMatchObject({ code: "runner-not-authorized" });
    expect(result.failure?.message).toContain("this runner comes from 192.0.2.9");
    expect(result.failure?.message).toContain(
      "--api-server-authorized-ip-ranges 203.0.113.0/24,198.51.100.7,192.0.2.9",
    );
  });

  test("minds addresses, and nobody knows the runner's", async () => {
    const { result } = await play({ facts: ranges, replies: [silent] }, { route: "direct" });
    expect(result.failure?.message).toContain("'203.0.113.0/24,198.51.100.7,<runner-address>'");
  });

  test("does not mind an address that is in its ranges: that one may have been added only now", async () => {
    const scene = { facts: ranges, replies: [silent, silent, silent, answered], egress: "203.0.113.9" };
    expect((await play(scene)).result.outputs.route).toBe("direct");
  });

  test("is told to be busy while somebody changes the cluster", async () => {
    const { result } = await play(
      { facts: { provisioningState: "Upgrading" }, replies: [silent] },
      { route: "direct" },
    );
    expect(result.failure).toMatchObject({ code: "cluster-busy", message: expect.stringContaining("(Upgrading)") });
  });

  test("answers with a page of something in between", async () => {
    const page = { kind: "refused", status: 503, message: "Service Unavailable" } as const;
    const { result } = await play({ replies: [page] }, { route: "direct" });
    expect(result.failure).toMatchObject({ code: "cluster-unreachable", message: expect.stringContaining("HTTP 503") });
  });
});

describe("the route by commands", () => {
  const hidden = { facts: { private: true }, replies: [silent] };

  test("is taken by itself where the direct one leads nowhere, and told to later steps", async () => {
    const { result, exported, summaries } = await play(hidden);
    expect(result.outputs).toMatchObject({ route: "run-command", "kubernetes-version": "1.36.2" });
    expect(exported).toMatchObject({ MAYFLY_AKS_ROUTE: "run-command", MAYFLY_AKS_CLUSTER: ID });
    expect(summaries.join()).toContain("`kubectl`, `helm` and other tools of a later step cannot reach the cluster");
  });

  test("needs neither a token nor the way of this runner", async () => {
    const { result, done } = await play({}, { route: "run-command" });
    expect(result.outputs.route).toBe("run-command");
    expect(done).toEqual(["entrance", expect.stringContaining("command: kubectl")]);
  });

  test("is not tried where it is switched off: the line that switches it on", async () => {
    const { result, done } = await play({ facts: { private: true, runCommandDisabled: true }, replies: [silent] });
    expect(result.failure).toMatchObject({
      code: "cluster-private",
      message: expect.stringContaining("--enable-run-command"),
    });
    expect(done.join()).not.toContain("command:");
  });

  test("is no help against a missing right, and not tried then", async () => {
    const { result, done } = await play({ replies: [denied] });
    expect(result.failure).toMatchObject({ code: "cluster-access-denied" });
    expect(done.join()).not.toContain("command:");
  });

  test("that fails, too, is told together with the first", async () => {
    const command = new UserError("run-command-not-scheduled", "No node has room.");
    const { result } = await play({ ...hidden, command });
    expect(result.failure).toMatchObject({
      code: "cluster-private",
      message: expect.stringMatching(/is private[\s\S]*Nor does the other way lead there: No node has room/),
    });
  });

  test.each([
    ["cluster-access-denied", `Error from server (Forbidden): ${MISSING_ROLE}`],
    ["cluster-login-failed", "error: You must be logged in to the server (Unauthorized)"],
    ["run-command-failed", "sh: kubectl: not found"],
  ])("ends in %s when the cluster says: %j", async (code, output) => {
    const { result } = await play({ command: { exitCode: 1, output } }, { route: "run-command" });
    expect(result.failure).toMatchObject({ code, message: expect.stringContaining(output.split(":").at(-1) ?? "") });
  });
});

describe("a missing right", () => {
  const scope = `${ID}/namespaces/pr-7`;

  test("in Azure names the role, its scope and the line that gives it; it is waited for, in case it is new", async () => {
    const { result, waited, lines } = await play({ replies: [denied] }, { namespace: "pr-7" });
    expect(result.failure).toMatchObject({ code: "cluster-access-denied" });
    expect(result.failure?.message).toContain(
      `az role assignment create --assignee-object-id ${OBJECT_ID} --assignee-principal-type ServicePrincipal --role 'Azure Kubernetes Service RBAC Writer' --scope ${scope}`,
    );
    expect(result.failure?.message).toContain(MISSING_ROLE);
    expect(waited()).toBe(120_000);
    expect(lines[0]).toContain("a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb");
    expect((await play({ replies: [denied, denied, answered] })).result.failure).toBeUndefined();
  });

  test.each([401, 403])("in Azure is understood with the status %d", async (status) => {
    const { result } = await play({ replies: [{ kind: "refused", status, message: MISSING_ROLE }] });
    expect(result.failure).toMatchObject({ code: "cluster-access-denied" });
  });

  test("in the cluster is a warning with the line that binds a role: there may be finer ones", async () => {
    const refused = { ...answered, access: { allowed: false, reason: "" } };
    const { result, warnings, waited } = await play(
      { facts: { auth: "aad-rbac" }, replies: [refused] },
      { namespace: "pr-7" },
    );
    expect(result.failure).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringContaining(
        `kubectl create rolebinding mayfly --clusterrole=edit --user=${OBJECT_ID} --namespace=pr-7`,
      ),
    ]);
    expect(waited()).toBe(0);
  });

  test("to get the address is waited for, in case it is new", async () => {
    const missing = new UserError("cluster-role-missing", "The identity lacks a role.\nTo do: …");
    const { result, waited } = await play({ refusals: [missing, missing] });
    expect(result.failure).toBeUndefined();
    expect(waited()).toBe(10_000);
    const { result: late } = await play({ refusals: Array(99).fill(missing) });
    expect(late.failure).toMatchObject({ code: "cluster-role-missing" });
  });

  test("is another thing than a token that the cluster does not know", async () => {
    const { result, waited } = await play({ replies: [{ kind: "refused", status: 401, message: "Unauthorized" }] });
    expect(result.failure).toMatchObject({ code: "cluster-login-failed" });
    expect(result.failure?.message).toContain("aadProfile.tenantId");
    expect(waited()).toBe(0);
  });
});

test("a login that Entra refuses ends it with Entra's code, before the server is asked", async () => {
  const { result, done } = await play({ login: new UserError("subject-mismatch", "No credential has this subject.") });
  expect(result.failure).toMatchObject({ code: "subject-mismatch" });
  expect(done).toEqual(["entrance", "login"]);
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
