import { listChapters } from "../../../src/actions/azure-login/failure-report.ts";
import { EntraError } from "../../../src/azure/entra-error.ts";
import { decodePayload } from "../../../src/oidc/claims.ts";
import type { Refusal } from "../../../src/oidc/refusal.ts";
import type { Check, Skip } from "../check.ts";
import { asDocument, asDocuments } from "../documents.ts";
import type { Stage } from "../stage.ts";

/** A login that works, and what it opens. */
export const loginChecks: readonly Check<Stage>[] = [
  {
    name: "log in with the ID token",
    az: async (stage) => {
      const outcome = await stage.loginAz(stage.team);
      if (outcome.kind === "failed") throw new Error(`${outcome.step}: ${outcome.said}`);
      const { user, tenantId, id } = asDocument(await stage.az().ask("account", "show"));
      return { client: asDocument(user)["name"], tenant: tenantId, subscription: id };
    },
    adapter: async ({ adapters, team }) => {
      const { appid, tid } = decodePayload(await adapters.token()) ?? {};
      const found = await adapters.subscriptions.find(team.subscriptionId);
      return {
        client: appid,
        tenant: tid,
        subscription: found.kind === "found" ? found.subscription.id : found.because,
      };
    },
    truth: ({ team }) => ({ client: team.clientId, tenant: team.tenantId, subscription: team.subscriptionId }),
  },
  {
    name: "list subscriptions",
    az: async (stage) =>
      asDocuments(await stage.az().ask("account", "list", "--refresh")).map(({ id, name, tenantId, state }) => ({
        id,
        name,
        tenantId,
        state,
      })),
    adapter: ({ adapters }) => adapters.subscriptions.list(),
  },
];

/** The subject that no credential is for, until the lines that azure-login prints have been pasted. */
const STRANGER = { repository: "octo/shop", repositoryId: "599293758", ownerId: "1844662", event: "push" } as const;

/** A login that fails, the lines that azure-login prints then, and the login after them. */
export async function prepareRefusedLogin(stage: Stage): Promise<readonly (Check<Stage> | Skip)[]> {
  const { azure, team } = stage;
  const job = azure.github.registerJob({ ...STRANGER, ref: "refs/heads/next" });
  // The identity as a resource: the printed lines look it up by its client id.
  const group = stage.idOf(stage.add("identities"));
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mayfly-reaper`;
  azure.arm.add(identity, {
    location: "eastus",
    properties: { clientId: team.clientId, principalId: team.principal.objectId, tenantId: team.tenantId },
  });
  for (const { name, issuer, subject, audience } of team.principal.federatedCredentials) {
    azure.arm.add(`${identity}/federatedIdentityCredentials/${name}`, {
      properties: { issuer, subject, audiences: [audience] },
    });
  }
  const refusal = await findRefusal(stage, job);
  const chapter = (title: RegExp): string => {
    const found = listChapters(refusal).find((one) => title.test(one.title));
    if (found === undefined) throw new Error(`azure-login prints no chapter ${title}`);
    return found.lines.join("\n");
  };
  const forIdentity = (lines: string) => lines.split("# an app")[0] ?? "";
  const subjects = () => team.principal.federatedCredentials.flatMap(({ subject }) => subject ?? []);

  return [
    {
      name: "log in with a subject nobody trusts",
      az: async () => {
        const outcome = await stage.loginAz({ job });
        return /AADSTS(\d+)/.exec(outcome.kind === "failed" ? outcome.said : "it worked")?.[1];
      },
      adapter: async () => String((await findRefusal(stage, job)).answer.aadsts),
    },
    {
      name: 'paste "Add the federated credential: az (managed identity)"',
      az: async () => {
        const printed = await stage.az().paste(chapter(/^Add .*az \(managed identity\)$/));
        return asDocument(JSON.parse(printed))["subject"];
      },
      adapter: async () => refusal.attempt.claims?.subject,
      truth: () => subjects().at(-1),
    },
    {
      name: 'paste "What the identity has now"',
      az: async () => {
        const printed = await stage.az().paste(forIdentity(chapter(/^What the identity has/)));
        return subjects().filter((subject) => printed.includes(subject));
      },
      truth: () => [team.job.subject, job.subject],
    },
    {
      name: "log in with the subject now",
      az: async () => (await stage.loginAz({ job })).kind,
      adapter: async () => ((await stage.connect({ job }).token()) === "" ? "failed" : "in"),
      truth: () => "in",
    },
    {
      name: 'paste "Add the federated credential: az (app)"',
      skipped:
        "az ad asks Microsoft Graph for the app, and the emulator has no Graph: this line stays without a witness",
    },
  ];
}

async function findRefusal(stage: Stage, job: Stage["team"]["job"]): Promise<Refusal> {
  try {
    await stage.connect({ job }).token();
  } catch (error) {
    if (error instanceof EntraError) return error.refusal;
    throw error;
  }
  throw new Error(`the subject ${job.subject} could log in, and was not to`);
}
