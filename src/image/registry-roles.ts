/** What somebody wants of a registry. */
export type Need = "pull" | "push" | "delete" | "list" | "build" | "import";

/** How a registry reads role assignments: for all of it, or with conditions on repositories (ABAC). */
export type RoleMode = "legacy" | "abac";

/** A built-in role of Azure. */
export interface Role {
  readonly name: string;
  /** What `az` takes: the id where it is known, which survives a renaming; else the name. */
  readonly id: string;
  /** The data actions that a condition narrows to some repositories; a role without them takes no condition. */
  readonly actions: readonly RepositoryAction[];
}

export type RepositoryAction =
  | "content/read"
  | "content/write"
  | "content/delete"
  | "metadata/read"
  | "metadata/write"
  | "metadata/delete";

const role = (name: string, id: string, ...actions: readonly RepositoryAction[]): Role => ({ name, id, actions });

const WRITER = role(
  "Container Registry Repository Writer",
  "2a1e307c-b015-4ebd-883e-5b7698a07328",
  "content/read",
  "content/write",
  "metadata/read",
  "metadata/write",
);
const PULL = role("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d");
const TASKS = role("Container Registry Tasks Contributor", "fb382eab-e894-4461-af04-94435c366c3f");
const IMPORTER_NAME = "Container Registry Data Importer and Data Reader";
const IMPORTER = role(IMPORTER_NAME, IMPORTER_NAME);

/**
 * The roles that a need takes, all of them: https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview.
 * A registry with ABAC ignores AcrPull, AcrPush and AcrDelete, and gives Owner and Contributor no data.
 */
export const ROLES: Readonly<Record<RoleMode, Readonly<Record<Need, readonly Role[]>>>> = {
  legacy: {
    pull: [PULL],
    push: [role("AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec")],
    delete: [role("AcrDelete", "c2f4ef07-c644-48eb-af81-4b1b4947fb11")],
    list: [PULL],
    build: [TASKS],
    import: [IMPORTER],
  },
  abac: {
    pull: [
      role(
        "Container Registry Repository Reader",
        "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        "content/read",
        "metadata/read",
      ),
    ],
    push: [WRITER],
    delete: [
      role(
        "Container Registry Repository Contributor",
        "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        "content/read",
        "content/write",
        "content/delete",
        "metadata/read",
        "metadata/write",
        "metadata/delete",
      ),
    ],
    // It knows no conditions.
    list: [role("Container Registry Repository Catalog Lister", "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7")],
    build: [TASKS, WRITER],
    import: [IMPORTER],
  },
};
