import type { BuiltInRole } from "./roles.ts";

const CLUSTER = "Microsoft.ContainerService/managedClusters";

/**
 * Roles of AKS: those with actions hand out kubeconfigs, those with data actions say what may be done inside the cluster.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
 */
export const CLUSTER_ROLES: readonly BuiltInRole[] = [
  {
    name: "Azure Kubernetes Service Cluster User Role",
    id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
    actions: [`${CLUSTER}/listClusterUserCredential/action`, `${CLUSTER}/read`],
  },
  {
    name: "Azure Kubernetes Service Cluster Admin Role",
    id: "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
    actions: [
      `${CLUSTER}/listClusterAdminCredential/action`,
      `${CLUSTER}/accessProfiles/listCredential/action`,
      `${CLUSTER}/read`,
      `${CLUSTER}/runcommand/action`,
    ],
  },
  {
    name: "Azure Kubernetes Service Contributor Role",
    id: "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
    actions: [`${CLUSTER}/read`, `${CLUSTER}/write`, "Microsoft.Resources/deployments/*"],
  },
  {
    name: "Azure Kubernetes Service RBAC Cluster Admin",
    id: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    actions: [`${CLUSTER}/listClusterUserCredential/action`],
    dataActions: [`${CLUSTER}/*`],
  },
  {
    name: "Azure Kubernetes Service RBAC Admin",
    id: "3498e952-d568-435e-9b2c-8d77e338d7f7",
    actions: [`${CLUSTER}/listClusterUserCredential/action`],
    dataActions: [`${CLUSTER}/*`],
    notDataActions: [`${CLUSTER}/resourcequotas/write`, `${CLUSTER}/resourcequotas/delete`, `${CLUSTER}/namespaces/*`],
  },
  {
    name: "Azure Kubernetes Service RBAC Writer",
    id: "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
    actions: [],
    dataActions: [
      `${CLUSTER}/*/read`,
      ...["apps/deployments", "apps/replicasets", "batch/jobs", "configmaps", "pods", "secrets", "services"].map(
        (kind) => `${CLUSTER}/${kind}/*`,
      ),
    ],
  },
  {
    name: "Azure Kubernetes Service RBAC Reader",
    id: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
    actions: [],
    dataActions: [`${CLUSTER}/*/read`],
    notDataActions: [`${CLUSTER}/secrets/read`],
  },
];
