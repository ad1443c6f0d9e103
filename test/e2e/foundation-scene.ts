import { type Ask, asking } from "../azure/ask.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { type EmulatorProxy, startProxy } from "../azure/proxy.ts";
import { addTeam, type Team } from "../azure/team.ts";
import { openStack, type Stack } from "../terraform/stack.ts";

/** The subscription that previews are made in; the foundation has another one. */
export const PREVIEWS = "5ab00000-0000-4000-8000-000000000002";

export const REPOSITORY = { repository: "octo/shop", repositoryId: "599293758", ownerId: "1844662" };

/** An Azure in which an Owner has applied `stacks/foundation`, for one repository. */
export interface FoundationScene extends AsyncDisposable {
  readonly azure: Azure;
  readonly proxy: EmulatorProxy;
  readonly foundation: Stack;
  /** Outputs of the foundation. */
  readonly made: Readonly<Record<string, unknown>>;
  /** The variables that the repository gets. */
  readonly variables: Readonly<Record<string, string>>;
  /** A job in the environment of previews, in a pull request. */
  readonly previewJob: Team;
  /** Asks ARM as the identity with this client id. */
  ask(clientId: string | undefined): Ask;
  objectIdOf(clientId: string | undefined): string;
}

export async function openFoundationScene(): Promise<FoundationScene> {
  const azure = createAzure({
    arm: { deletionSeconds: 0.5, writeSeconds: 0.3, holdSeconds: 5, principalsMustExist: true },
  });
  // Rules for old versions: kept, and read back.
  azure.arm.allowUnknownTypes(/storageAccounts\/managementPolicies$/i);
  const owner = addTeam(azure, { role: "Owner" });
  azure.arm.addSubscription({ id: PREVIEWS, tenantId: owner.tenantId, name: "Octo previews" });
  owner.assign("Owner", `/subscriptions/${PREVIEWS}`);
  const proxy = await startProxy(azure);
  const foundation = await openStack({ name: "foundation", proxy, team: owner });
  await foundation.apply({
    location: "westeurope",
    preview_subscription_id: PREVIEWS,
    repositories: [{ name: REPOSITORY.repository, id: REPOSITORY.repositoryId, owner_id: REPOSITORY.ownerId }],
    operators: { octocat: { object_id: owner.principal.objectId, type: "ServicePrincipal" } },
  });
  const made = await foundation.outputs();
  const variables = made["repository_variables"] as Readonly<Record<string, string>>;
  const principalOf = (clientId: string | undefined) => {
    const principal = azure.arm.world.directory.principal(owner.tenantId, `${clientId}`);
    if (principal === undefined) throw new Error(`Nobody has the client id ${clientId}`);
    return principal;
  };
  const previewJob = {
    ...owner,
    subscriptionId: PREVIEWS,
    clientId: `${variables["AZURE_CLIENT_ID"]}`,
    job: azure.github.registerJob({
      ...REPOSITORY,
      immutableSubject: true,
      event: "pull_request",
      ref: "refs/pull/12/merge",
      environment: "preview",
    }),
  };
  return {
    azure,
    proxy,
    foundation,
    made,
    variables,
    previewJob,
    ask: (clientId) => asking(azure, { principal: principalOf(clientId) }),
    objectIdOf: (clientId) => principalOf(clientId).objectId,
    [Symbol.asyncDispose]: async () => {
      await foundation[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
