import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { UserError } from "../kit/user-error.ts";
import type { KubeconfigOptions } from "./kubeconfig.ts";

/** The files to read, in order; all of them are there. @throws UserError `kubeconfig-missing` */
export function findKubeconfigFiles({ kubeconfig, environment }: KubeconfigOptions): readonly string[] {
  if (kubeconfig !== undefined) return requireOne([kubeconfig], "the one that was given");
  const listed = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path.trim() !== "");
  if (listed.length > 0) return requireOne(listed, "named by KUBECONFIG");
  const home = environment["HOME"] ?? environment["USERPROFILE"] ?? homedir();
  return requireOne([join(home, ".kube", "config")], "the default: KUBECONFIG is not set");
}

function requireOne(paths: readonly string[], whence: string): readonly string[] {
  const there = paths.map((path) => resolve(path)).filter((path) => existsSync(path));
  if (there.length > 0) return there;
  const names = paths.map((path) => resolve(path)).join(", ");
  throw new UserError(
    "kubeconfig-missing",
    `There is no kubeconfig: ${names} (${whence}) ${paths.length === 1 ? "does" : "do"} not exist. Run aks-set-context in an earlier step of this job, or set KUBECONFIG to the path of one.`,
  );
}
