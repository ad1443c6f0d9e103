import type { BuiltInRole } from "./roles.ts";

const ACCOUNT = "Microsoft.Storage/storageAccounts";
const CONTAINERS = `${ACCOUNT}/blobServices/containers`;
const BLOBS = `${CONTAINERS}/blobs`;
const DELEGATE = `${ACCOUNT}/blobServices/generateUserDelegationKey/action`;

/**
 * What blobs may be touched with by a login. Containers are actions, blobs are data.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
 */
export const STORAGE_ROLES: readonly BuiltInRole[] = [
  {
    name: "Storage Account Contributor",
    id: "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    actions: ["Microsoft.Resources/subscriptions/resourceGroups/read", `${ACCOUNT}/*`],
  },
  {
    name: "Reader and Data Access",
    id: "c12c1c16-33a1-487b-954d-41c89c60f349",
    actions: [`${ACCOUNT}/listKeys/action`, `${ACCOUNT}/ListAccountSas/action`, `${ACCOUNT}/read`],
  },
  {
    name: "Storage Blob Data Owner",
    id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    actions: [`${CONTAINERS}/*`, DELEGATE],
    dataActions: [`${BLOBS}/*`],
  },
  {
    name: "Storage Blob Data Contributor",
    id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    actions: [`${CONTAINERS}/delete`, `${CONTAINERS}/read`, `${CONTAINERS}/write`, DELEGATE],
    dataActions: ["delete", "read", "write", "move/action", "add/action"].map((verb) => `${BLOBS}/${verb}`),
  },
  {
    name: "Storage Blob Data Reader",
    id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    actions: [`${CONTAINERS}/read`, DELEGATE],
    dataActions: [`${BLOBS}/read`],
  },
];
