import { explainRefusal, GitHubRefusal } from "./refusal.ts";
import type { RepositoryRole, RepositoryRoles } from "./repository-api.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

const ROLES: readonly RepositoryRole[] = ["admin", "maintain", "write", "triage", "read", "none"];

/** Roles as the collaborators' API tells them, teams and organizations included. */
export function connectRepositoryRoles({ octokit }: Session): RepositoryRoles {
  return {
    find: async (repository, login) => {
      const clause = `Cannot look up what ${login} may do in ${repository}`;
      try {
        const { rest } = await octokit();
        const { data } = await rest.repos.getCollaboratorPermissionLevel({
          ...splitRepository(repository),
          username: login,
        });
        // A custom role has a name of its own; the older word tells which role it is built on.
        return asRole(data.role_name) ?? asRole(data.permission) ?? "none";
      } catch (error) {
        if (error instanceof GitHubRefusal && error.answer.status === 404) return "none";
        throw explainRefusal({ clause, permission: "contents: read" }, error);
      }
    },
  };
}

function asRole(word: string | undefined): RepositoryRole | undefined {
  return ROLES.find((role) => role === word);
}
