import type { ClusterEntrance, ClusterFacts } from "../../azure/managed-clusters.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { renderPluginSettings } from "../../kubeconfig/plugin-settings.ts";
import { listSecrets, readCredential } from "../../kubeconfig/read-credential.ts";
import { readEntrance } from "../../kubeconfig/read-entrance.ts";
import type { KubeconfigUser } from "../../kubeconfig/render-kubeconfig.ts";
import { azPlace } from "./cluster-state.ts";
import { askPatiently, type Patience } from "./patience.ts";
import { chooseServer } from "./server-name.ts";
import type { spec } from "./spec.ts";
import type { KubeconfigFolder, World } from "./world.ts";

export interface Credential {
  readonly entrance: ClusterEntrance;
  readonly user: KubeconfigUser;
}

type Inputs = Pick<InputsOf<typeof spec>, "admin" | "serverFqdn">;
type CredentialWorld = Pick<World, "clusters" | "login" | "log" | "mask">;

const HINT =
  "This kubeconfig was made by aks-set-context for one job, and is of use only as long as that lasts. Run the action again.";

/**
 * How a kubeconfig gets in: by our plugin, which asks for a token whenever one is needed. Only for a cluster without
 * Entra integration, or where an administrator's account is asked for, it holds a credential.
 *
 * @throws UserError as ARM's refusals are told, `server-fqdn-missing`, `cluster-credential-unreadable`
 */
export async function prepareCredential(
  facts: ClusterFacts,
  inputs: Inputs,
  folder: Pick<KubeconfigFolder, "command" | "script">,
  patience: Patience,
  world: CredentialWorld,
): Promise<Credential> {
  const found = await chooseCredential(facts, inputs, folder, patience, world);
  const { server, certificateAuthority } = found.entrance;
  return { ...found, entrance: { certificateAuthority, server: chooseServer(server, facts, inputs.serverFqdn) } };
}

async function chooseCredential(
  facts: ClusterFacts,
  inputs: Inputs,
  { command, script }: Pick<KubeconfigFolder, "command" | "script">,
  patience: Patience,
  world: CredentialWorld,
): Promise<Credential> {
  const { clusters, log } = world;
  if (inputs.admin) {
    const text = await askPatiently(patience, () => clusters.readAdminKubeconfig(facts));
    log.warning(
      `The kubeconfig of "${facts.name}" holds the credential of its local admin account, as admin: true says. It may do everything, the cluster's log does not tell who used it, and it ends only with the cluster's certificates (az aks rotate-certs). Leave admin out where roles can do.`,
    );
    return takeOver(text, facts, world);
  }
  if (facts.auth === "local") {
    const text = await askPatiently(patience, () => clusters.readUserKubeconfig(facts));
    log.warning(
      `The cluster "${facts.name}" has no Entra integration: everybody uses the credential of its local account, which does not end with the job. It is masked, and its file goes with the job. To do: let Entra say who is who: az aks update ${azPlace(facts)} --enable-aad --enable-azure-rbac`,
    );
    return takeOver(text, facts, world);
  }
  const entrance = await askPatiently(patience, () => clusters.readEntrance(facts));
  const environment = renderPluginSettings(world.login);
  return { entrance, user: { kind: "exec", command, args: [script], environment, installHint: HINT } };
}

/** The credential of a kubeconfig of Azure's, masked before anything else is done with it. */
function takeOver(text: string, { name }: ClusterFacts, { mask }: CredentialWorld): Credential {
  const fields = readCredential(text);
  for (const secret of fields === undefined ? [] : listSecrets(fields)) mask(secret);
  const entrance = readEntrance(text);
  if (fields !== undefined && typeof entrance !== "string") return { entrance, user: { kind: "static", fields } };
  const because = typeof entrance === "string" ? entrance : "its user has no credential in it";
  throw new UserError(
    "cluster-credential-unreadable",
    `ARM answered with a kubeconfig for the cluster "${name}", but ${because}.\nTo do: look at the cluster's state, and run it again.`,
  );
}
