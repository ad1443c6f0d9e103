import { beforeEach, describe, expect, test } from "@jest/globals";
import { workloadIdentityChecker } from "../../../../src/actions/smoke/checks/workload-identity.ts";
import type { Scope } from "../../../../src/actions/smoke/scope.ts";
import { UserError } from "../../../../src/kit/user-error.ts";
import type { WorkloadIdentity } from "../../../../src/smoke/spec/checks/workload-identity.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type FakeWorld, NAMESPACE, type Scene } from "../fake/world.ts";
import { type PodForm, runningPod } from "../running-pod.ts";

const CLIENT = "c11e0000-0000-4000-8000-000000000001";
const SCOPE = "https://management.azure.com/.default";
let scene: Scene;
let world: FakeWorld;
let scope: Scope;

beforeEach(() => {
  scene = createScene();
  world = createFakeWorld(scene);
  scope = createScope(scene, world);
  scene.cluster.pods.answers.createToken = () => "of-the-account";
});

function account(annotations: Readonly<Record<string, string>> = { "client-id": CLIENT }): void {
  const named = Object.entries(annotations).map(([name, value]) => [`azure.workload.identity/${name}`, value]);
  const metadata = { name: "worker", namespace: NAMESPACE, annotations: Object.fromEntries(named) };
  scene.cluster.put({ apiVersion: "v1", kind: "ServiceAccount", metadata });
}

const USE = { "azure.workload.identity/use": "true" };
const WIRED = {
  env: [
    { name: "AZURE_FEDERATED_TOKEN_FILE", value: "/t" },
    { name: "AZURE_CLIENT_ID", value: CLIENT },
  ],
};
const VOLUMES = (audience = "api://AzureADTokenExchange") => [
  { name: "kube-api-access", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
  { name: "azure-identity-token", projected: { sources: [{ serviceAccountToken: { path: "token", audience } }] } },
];
/** A pod of the account, wired up as Azure's webhook does it unless it is said otherwise. */
function pod({ labels = USE, container = WIRED, ...rest }: PodForm = {}, volumes: unknown = VOLUMES()): void {
  scene.cluster.put(
    runningPod({
      labels,
      container,
      ...rest,
      spec: { serviceAccountName: "worker", containers: [{ name: "main", image: "x:1", ...container }], volumes },
    }),
  );
}

const look = (given: Partial<WorkloadIdentity> = {}) =>
  lookOnce(workloadIdentityChecker, { serviceAccount: "worker", scope: SCOPE, ...given }, scope);

describe("a workload's identity", () => {
  test("is proved by trading the account's token at Entra, by its annotations", async () => {
    account({ "client-id": CLIENT, "tenant-id": "t" });
    expect(await look()).toMatchObject({
      state: "holds",
      expected: "service account worker logs in to Azure",
      seen: `Entra takes its token for ${CLIENT}; no pod uses it now`,
    });
    expect(scene.cluster.pods.asked.tokens).toEqual([
      { account: { namespace: NAMESPACE, name: "worker" }, audience: "api://AzureADTokenExchange" },
    ]);
    expect(world.exchanges).toMatchObject([{ token: "of-the-account", clientId: CLIENT, tenantId: "t", scope: SCOPE }]);
  });

  test("is of pods that are wired up, by the webhook or by hand, with the audience that they were given", async () => {
    account();
    pod({}, VOLUMES("api://other"));
    pod({ name: "by-hand", labels: {} });
    scene.cluster.put(runningPod({ name: "of-another-account" }));
    expect(await look()).toMatchObject({ state: "holds", seen: expect.stringContaining("wired up in 2 of its pods") });
    expect(scene.cluster.pods.asked.tokens).toMatchObject([{ audience: "api://other" }]);
  });

  test.each([
    ["there is no such account", () => {}, /no service account worker/],
    ["the account names no identity", () => account({}), /annotation azure.workload.identity\/client-id is missing/],
    [
      "a pod lacks the label",
      () => {
        account();
        pod({ labels: {}, container: {} });
      },
      /pod api-1 gets no token: it lacks the label azure.workload.identity\/use: "true"/,
    ],
    [
      "the webhook did not see a pod",
      () => {
        account();
        pod({ container: {} });
      },
      /has the label .* and no AZURE_FEDERATED_TOKEN_FILE/,
    ],
    [
      "a pod has no volume with a token for Entra",
      () => {
        account();
        pod({}, VOLUMES("").slice(0, 1));
      },
      /no volume with a token/,
    ],
    [
      "a pod was started for another identity",
      () => {
        account({ "client-id": "c11e0000-0000-4000-8000-000000000002" });
        pod();
      },
      new RegExp(`logs in as ${CLIENT} instead of`),
    ],
  ])("is not there when %s, and Entra is not asked", async (_, arrange, seen) => {
    arrange();
    expect(await look()).toMatchObject({ state: "not-yet", seen: expect.stringMatching(seen) });
    expect(world.exchanges).toEqual([]);
  });

  test("has to be the one that the spec names", async () => {
    account();
    expect(await look({ clientId: "other" })).toMatchObject({
      state: "not-yet",
      seen: expect.stringContaining(`names ${CLIENT} instead of other`),
    });
    expect((await look({ clientId: CLIENT.toUpperCase() })).state).toBe("holds");
  });

  test.each([
    ["subject-mismatch", "not-yet"],
    ["entra-unreachable", "unseen"],
  ] as const)("is told in Entra's words when it says no: %s", async (code, state) => {
    account();
    world.settings.exchange = async () => {
      throw new UserError(code, "Entra says no.\nTo do: this.");
    };
    expect(await look()).toMatchObject({ state, seen: "Entra says no. To do: this." });
  });
});
