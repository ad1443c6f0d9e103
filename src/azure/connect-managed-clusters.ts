import { UserError } from "../kit/user-error.ts";
import { readEntrance } from "../kubeconfig/read-entrance.ts";
import { shellQuote } from "../paste/quote.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import { asFields, askArm, asText, explained, readBody } from "./ask-arm.ts";
import { CLUSTER_API, clusterPath, readClusterFacts } from "./cluster-facts.ts";
import { refuseMissing } from "./cluster-names.ts";
import { explainMissingRole } from "./cluster-refusal.ts";
import type { ClusterFacts, ClusterPlace, ManagedClusters } from "./managed-clusters.ts";
import { runInCluster } from "./run-command.ts";

/** The adapter, by plain requests: `@azure/arm-containerservice` would be megabytes for four of them. */
export function connectManagedClusters(connection: ArmConnection): ManagedClusters {
  const require = (place: ClusterPlace): Promise<ClusterFacts> => {
    const clause = `Cannot read the AKS cluster "${place.name}"`;
    return explained(
      connection,
      clause,
      async () => {
        try {
          const answer = await askArm(connection, "GET", `${clusterPath(place)}?${CLUSTER_API}`);
          return readClusterFacts(readBody(answer), place);
        } catch (error) {
          if (isMissing(error)) throw await refuseMissing(connection, place, error);
          throw error;
        }
      },
      (refusal) => explainMissingRole(clause, refusal, place, "user"),
    );
  };

  /** The first kubeconfig of an answer, as text. */
  const readKubeconfig = async (place: ClusterPlace, action: string, query: string): Promise<string> => {
    try {
      const answer = await askArm(connection, "POST", `${clusterPath(place)}/${action}?${CLUSTER_API}${query}`);
      const { kubeconfigs } = readBody(answer);
      const value = Array.isArray(kubeconfigs) ? asText(asFields(kubeconfigs[0])["value"]) : undefined;
      return Buffer.from(value ?? "", "base64").toString();
    } catch (error) {
      if (isMissing(error)) throw await refuseMissing(connection, place, error);
      throw error;
    }
  };

  return {
    require,
    readEntrance: (place, { fqdn } = {}) => {
      const clause = `Cannot get the address of the AKS cluster "${place.name}"`;
      return explained(
        connection,
        clause,
        async () => {
          // In exec format no credential of the cluster comes along where it has Entra integration.
          const query = `&format=exec${fqdn === undefined ? "" : "&server-fqdn=public"}`;
          const entrance = readEntrance(await readKubeconfig(place, "listClusterUserCredential", query));
          if (typeof entrance !== "string") return entrance;
          throw new UserError(
            "cluster-entrance-unreadable",
            `${clause}: ARM answered with a kubeconfig, but ${entrance}.\nTo do: look at the cluster's state and run it again: az aks show --ids ${shellQuote(clusterPath(place))} --query "[provisioningState, powerState.code, fqdn, privateFqdn]"`,
          );
        },
        (refusal) => explainMissingRole(clause, refusal, place, "user"),
      );
    },
    readAdminKubeconfig: (place) => {
      const clause = `Cannot get the admin credential of the AKS cluster "${place.name}"`;
      return explained(
        connection,
        clause,
        () => readKubeconfig(place, "listClusterAdminCredential", ""),
        (refusal) => explainLocalAccounts(clause, refusal) ?? explainMissingRole(clause, refusal, place, "admin"),
      );
    },
    readUserKubeconfig: (place) => {
      const clause = `Cannot get the credential of the AKS cluster "${place.name}"`;
      return explained(
        connection,
        clause,
        () => readKubeconfig(place, "listClusterUserCredential", ""),
        (refusal) => explainMissingRole(clause, refusal, place, "user"),
      );
    },
    runCommand: async (place, order) => runInCluster(connection, await require(place), order),
  };
}

/** What ARM says of a cluster or a group that is not there. */
const NOT_THERE: ReadonlySet<string> = new Set(["ResourceNotFound", "ResourceGroupNotFound", "NotFound"]);

function isMissing(error: unknown): error is ArmRefusal {
  return error instanceof ArmRefusal && error.status === 404 && NOT_THERE.has(error.fault.code);
}

/** https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad */
function explainLocalAccounts(clause: string, refusal: ArmRefusal): UserError | undefined {
  if (refusal.status !== 400 || !/static credential|local accounts/i.test(refusal.fault.message)) return undefined;
  return new UserError(
    "local-accounts-disabled",
    `${clause}: its local accounts are switched off, so it has none.\nTo do: leave out admin: true. The job's own identity is let in by roles, which is the better way.`,
    { cause: refusal },
  );
}
