import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../../src/kit/user-error.ts";
import { answered, ID, OBJECT_ID, play, SERVER, silent } from "./fake-world.ts";

const MISSING_ROLE = "User does not have access to the resource in Azure. Update role assignment to allow access.";
const denied = { ...answered, access: { allowed: false, reason: MISSING_ROLE } };

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
