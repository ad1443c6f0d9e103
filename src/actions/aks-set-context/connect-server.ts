import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { connectCluster } from "../../kubernetes/connect-cluster.ts";
import { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import { readKubeconfig } from "../../kubernetes/kubeconfig.ts";
import { describeConnectionFault } from "../../oidc/connection-fault.ts";
import type { Entry, Reply } from "./world.ts";

/** An API server that is there answers in less than a second, from anywhere. */
const LIMITS = { connectMs: 5_000, requestMs: 5_000, tries: 1 } as const;

/**
 * Asks the API server that a kubeconfig leads to: its version, who we are, and whether we may list pods. Once.
 *
 * @throws UserError `cluster-login-failed` where the plugin gives no credential, `cancelled`
 */
export async function askServer(
  { kubeconfig, token, namespace }: Entry,
  runner: Pick<Runner, "environment" | "cancelled" | "mask" | "now" | "sleep">,
): Promise<Reply> {
  const options = { ...runner, kubeconfig, context: undefined, limits: LIMITS };
  const read = readKubeconfig(options);
  const given = token === undefined ? read : { ...read, user: { name: read.user.name, token } };
  const cluster = connectCluster({ ...options, given });
  try {
    // The first alone: it finds out whether there is a way, and fetches the token for all three.
    const version = await cluster.readVersion();
    const pods = { verb: "list", group: "", resource: "pods", namespace };
    const [user, access] = await Promise.all([cluster.whoAmI(), cluster.mayI(pods)]);
    return { kind: "answered", version, user, access };
  } catch (error) {
    const refusal = error instanceof UserError ? error.cause : error;
    if (refusal instanceof KubeRefusal) return { kind: "refused", status: refusal.status, message: refusal.message };
    if (!(error instanceof UserError) || error.code !== "cluster-unreachable") throw error;
    return { kind: "silent", because: describeConnectionFault(error.cause ?? error) };
  }
}
