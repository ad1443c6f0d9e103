import type { BuiltInRole } from "./roles.ts";

const REGISTRY = "Microsoft.ContainerRegistry/registries";
const READ = [`${REGISTRY}/repositories/metadata/read`, `${REGISTRY}/repositories/content/read`];
const WRITE = [`${REGISTRY}/repositories/metadata/write`, `${REGISTRY}/repositories/content/write`];
const DELETE = [`${REGISTRY}/repositories/metadata/delete`, `${REGISTRY}/repositories/content/delete`];
const CATALOG = `${REGISTRY}/catalog/read`;

/**
 * Container registries have two sets: those with actions count in a registry of the older mode, those with data actions in
 * one with repository permissions.
 *
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-directory-reference
 */
export const REGISTRY_ROLES: readonly BuiltInRole[] = [
  { name: "AcrPull", id: "7f951dda-4ed3-4680-a7ca-43fe172d538d", actions: [`${REGISTRY}/pull/read`] },
  {
    name: "AcrPush",
    id: "8311e382-0749-4cb8-b61a-304f252e45ec",
    actions: [`${REGISTRY}/pull/read`, `${REGISTRY}/push/write`],
  },
  { name: "AcrDelete", id: "c2f4ef07-c644-48eb-af81-4b1b4947fb11", actions: [`${REGISTRY}/artifacts/delete`] },
  {
    name: "Container Registry Repository Reader",
    id: "b93aa761-3e63-49ed-ac28-beffa264f7ac",
    actions: [],
    dataActions: READ,
  },
  {
    name: "Container Registry Repository Writer",
    id: "2a1e307c-b015-4ebd-883e-5b7698a07328",
    actions: [],
    dataActions: [...READ, ...WRITE],
  },
  {
    name: "Container Registry Repository Contributor",
    id: "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
    actions: [],
    dataActions: [...READ, ...WRITE, ...DELETE],
  },
  {
    name: "Container Registry Repository Catalog Lister",
    id: "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
    actions: [],
    dataActions: [CATALOG],
  },
  {
    name: "Container Registry Data Importer and Data Reader",
    id: "577a9874-89fd-4f24-9dbd-b5034d0ad23a",
    actions: [`${REGISTRY}/importImage/action`, `${REGISTRY}/read`, `${REGISTRY}/pull/read`],
    dataActions: [...READ, CATALOG],
  },
  {
    name: "Container Registry Configuration Reader and Data Access Configuration Reader",
    id: "69b07be0-09bf-439a-b9a6-e73de851bd59",
    actions: [`${REGISTRY}/read`, `${REGISTRY}/operationStatuses/read`, `${REGISTRY}/listCredentials/action`],
  },
  {
    name: "Container Registry Tasks Contributor",
    id: "fb382eab-e894-4461-af04-94435c366c3f",
    actions: [
      `${REGISTRY}/read`,
      `${REGISTRY}/listBuildSourceUploadUrl/action`,
      `${REGISTRY}/scheduleRun/action`,
      ...["read", "write", "listLogSasUrl/action", "cancel/action"].map((verb) => `${REGISTRY}/runs/${verb}`),
      ...["read", "write", "delete", "listDetails/action"].map((verb) => `${REGISTRY}/tasks/${verb}`),
      ...["read", "write", "delete", "listDetails/action"].map((verb) => `${REGISTRY}/taskruns/${verb}`),
      ...["read", "write", "delete", "listQueueStatus/action"].map((verb) => `${REGISTRY}/agentpools/${verb}`),
    ],
  },
];
