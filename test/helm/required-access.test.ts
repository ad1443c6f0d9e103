import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { listRequiredAccess, renderMissingAccess } from "../../src/helm/required-access.ts";
import type { ServedKind } from "../../src/kubernetes/cluster.ts";
import { deployment, objectsOf } from "./manifests.ts";

const served = (apiVersion: string, kind: string, resource: string, namespaced = true): ServedKind => ({
  apiVersion,
  kind,
  resource,
  namespaced,
  verbs: [],
});
const SERVED = [
  served("apps/v1", "Deployment", "deployments"),
  served("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
];
const objects = objectsOf(
  `${deployment({})}${deployment({ name: "other" })}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\n`,
).map(({ object }) => object);

describe("the access that a release needs", () => {
  const verbsOf = (resource: string, watched: boolean, namespace: string | undefined = "pr-12") =>
    listRequiredAccess(objects, { namespace: "pr-12", served: SERVED, watched })
      .filter((one) => one.resource === resource && one.namespace === namespace)
      .map(({ verb }) => verb);

  test("is each verb on each kind once, in its namespace", () => {
    expect(verbsOf("deployments", true)).toEqual(["get", "create", "patch", "delete", "list", "watch"]);
    expect(verbsOf("deployments", false)).toEqual(["get", "create", "patch", "delete"]);
  });

  test("is in the whole cluster for what belongs to no namespace", () => {
    const found = listRequiredAccess(objects, { namespace: "pr-12", served: SERVED });
    const roles = found.filter(({ resource }) => resource === "clusterroles");
    expect(roles.map(({ verb }) => verb)).toEqual(["get", "create", "patch", "delete"]);
    expect(roles.every((one) => one.namespace === undefined)).toBe(true);
  });

  test("has helm's own Secrets and what tells why something fails, and nothing of a kind that nobody knows", () => {
    expect(verbsOf("secrets", false)).toEqual(["get", "list", "create", "update", "delete"]);
    expect(verbsOf("pods/log", false)).toEqual(["get"]);
    expect(
      listRequiredAccess(objects, { namespace: "pr-12", served: SERVED }).some(({ group }) => group === "keda.sh"),
    ).toBe(false);
  });
});

describe("access that is missing", () => {
  const denied = [
    { verb: "patch", group: "apps", resource: "deployments", namespace: "pr-12" },
    { verb: "delete", group: "apps", resource: "deployments", namespace: "pr-12" },
    { verb: "get", group: "", resource: "pods/log", namespace: "pr-12" },
    { verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
  ];

  test("is told with the role of Azure that has it, and with one that can be applied", () => {
    const text = renderMissingAccess(denied);
    expect(text).toMatch(/does not allow patch, delete deployments; get pods\/log in namespace pr-12/);
    expect(text).toMatch(/RBAC Writer .*namespaces\/pr-12/);
    expect(text).toMatch(/RBAC Cluster Admin on the cluster/);
    const [role, clusterRole] = text
      .split(/^(?:The cluster|To do).*$/m)
      .filter((part) => part.trim() !== "")
      .map((part) => parse(part));
    expect(role).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "mayfly-deploy", namespace: "pr-12" },
      rules: [
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch", "delete"] },
        { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
      ],
    });
    expect(clusterRole).toMatchObject({ kind: "ClusterRole", rules: [{ verbs: ["create"] }] });
  });
});
