import { UserError } from "../../../kit/user-error.ts";
import type { KubeObject, ObjectRef } from "../../../kubernetes/kube-object.ts";
import { oneLine } from "../../../rollout/one-line.ts";
import { listFaults, listPodsOf, readAudience } from "../identity-pods.ts";
import type { Checker, Look } from "../look.ts";
import type { Scope } from "../scope.ts";

const CLIENT = "azure.workload.identity/client-id";
const TENANT = "azure.workload.identity/tenant-id";

/**
 * Shows that pods of a service account can log in to Azure: their account names an identity, they were given what the SDKs
 * look for, and Entra takes a token of the account. The last does not touch the application.
 */
export const workloadIdentityChecker: Checker<"workloadIdentity"> = {
  begin: ({ serviceAccount, namespace: given, clientId: wanted, tenantId: tenant, scope: entraScope }, scope) => {
    const namespace = given ?? scope.namespace;
    const ref: ObjectRef = { apiVersion: "v1", kind: "ServiceAccount", namespace, name: serviceAccount };
    const expected = `service account ${serviceAccount} logs in to Azure`;
    const look = (state: Look["state"], seen: string, involved: readonly ObjectRef[] = []): Look => ({
      state,
      expected,
      seen,
      involved: [ref, ...involved],
    });
    return {
      look: async () => {
        const account = await scope.cluster.find(ref);
        if (account === undefined) return look("not-yet", `no service account ${serviceAccount} in ${namespace}`);
        const named = annotation(account, CLIENT);
        const clientId = wanted ?? named;
        if (clientId === undefined) return look("not-yet", `it names no identity: the annotation ${CLIENT} is missing`);
        if (named !== undefined && named.toLowerCase() !== clientId.toLowerCase()) {
          return look("not-yet", `its annotation ${CLIENT} names ${named} instead of ${clientId}`);
        }
        const pods = await listPodsOf(account, namespace, scope);
        const faults = pods.flatMap((pod) => listFaults(pod, clientId).map((fault) => ({ pod, fault })));
        const [first] = faults;
        if (first !== undefined) {
          const involved = faults.map(({ pod }) => podRef(pod, namespace));
          return look(
            "not-yet",
            faults.length === 1 ? first.fault : `${first.fault} (and ${faults.length - 1} more)`,
            involved,
          );
        }
        const tenantId = tenant ?? annotation(account, TENANT);
        const refused = await tryExchange(
          { ref, clientId, tenantId, scope: entraScope, audience: readAudience(pods) },
          scope,
        );
        const used = pods.length === 0 ? "no pod uses it now" : `wired up in ${pods.length} of its pods`;
        return refused === undefined
          ? look("holds", `Entra takes its token for ${clientId}; ${used}`)
          : look(refused.state, refused.seen);
      },
    };
  },
};

interface Trial {
  readonly ref: ObjectRef;
  readonly clientId: string;
  readonly tenantId: string | undefined;
  readonly scope: string;
  readonly audience: string;
}

/** Entra did not answer. */
const UNSEEN: ReadonlySet<string> = new Set(["entra-unreachable", "entra-busy"]);

/** Why Entra did not take it, in a line; undefined where it did. A credential may be on its way for minutes. */
async function tryExchange(
  trial: Trial,
  { cluster, world, until, namespace }: Scope,
): Promise<Pick<Look, "state" | "seen"> | undefined> {
  const { ref, clientId, tenantId, scope, audience } = trial;
  const token = await cluster.createToken({ namespace: ref.namespace ?? namespace, name: ref.name }, audience);
  try {
    await world.exchange({ token, clientId, tenantId, scope, until });
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "smoke-tenant-missing" || error.code === "cancelled")
      throw error;
    return { state: UNSEEN.has(error.code) ? "unseen" : "not-yet", seen: oneLine(world.redact(error.message)) };
  }
}

function annotation({ metadata }: KubeObject, name: string): string | undefined {
  return metadata.annotations?.[name] || undefined;
}

function podRef({ metadata }: KubeObject, namespace: string): ObjectRef {
  return { apiVersion: "v1", kind: "Pod", namespace, name: metadata.name };
}
