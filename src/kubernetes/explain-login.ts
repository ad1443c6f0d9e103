import { harmless } from "../kit/harmless.ts";
import { UserError } from "../kit/user-error.ts";
import { codeOf } from "./connection-error.ts";
import type { KubeRefusal } from "./kube-refusal.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

/** Enough for a plugin's last words. */
const LONGEST_WORDS = 1_000;

/** Why the kubeconfig's user could not be logged in, before the cluster was asked. */
export function explainLogin(kubeconfig: Kubeconfig, error: unknown, redact: (text: string) => string): UserError {
  const { user, source } = kubeconfig;
  const who = `Cannot log in to the cluster as user "${user.name}" of ${source}`;
  const said = harmless(redact(error instanceof Error ? error.message : String(error)))
    .trim()
    .slice(-LONGEST_WORDS);
  const { exec } = user;
  if (exec === undefined) return new UserError("cluster-login-failed", `${who}: ${said}`, { cause: error });
  const hint = exec.installHint === "" ? "" : `\n${harmless(exec.installHint).trim()}`;
  if (codeOf(error) === "ENOENT") {
    const how =
      "Install it in an earlier step, or let aks-set-context write the kubeconfig: it needs no other program.";
    return new UserError(
      "cluster-login-failed",
      `${who}: its exec plugin "${exec.command}" is not on this runner. ${how}${hint}`,
    );
  }
  // Its arguments may hold secrets, and are not needed to find it.
  const words = said === "" ? "it failed and said nothing" : said;
  return new UserError(
    "cluster-login-failed",
    `${who}: its exec plugin "${exec.command}" gave no credentials: ${words}`,
  );
}

/** The cluster answered 401, to fresh credentials too. */
export function explainUnauthorized(kubeconfig: Kubeconfig, said: string, cause: KubeRefusal): UserError {
  const { user, source, cluster } = kubeconfig;
  const how =
    user.exec !== undefined || user.tokenFile !== undefined
      ? "What it was given is of another tenant or cluster, or for an identity that this cluster does not know."
      : "Its token or certificate has expired or is of another cluster: run aks-set-context again, or write a new kubeconfig.";
  return new UserError(
    "cluster-login-failed",
    `${cluster.server.origin} does not know user "${user.name}" of ${source} (401: ${said}). ${how}`,
    { cause },
  );
}
