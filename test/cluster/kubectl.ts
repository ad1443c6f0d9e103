import { join } from "node:path";
import { SHORT_LIVED_GO } from "../short-lived-go.ts";
import type { Layout } from "./layout.ts";
import { PATH, run } from "./run.ts";

/** Runs kubectl as the administrator. @throws Error with what it said when it fails */
export function kubectl(
  { kubeconfig, home }: Pick<Layout, "kubeconfig" | "home">,
  program: string,
  parameters: readonly string[],
  input = "",
): Promise<string> {
  // What it remembers of the API goes with the cluster.
  return run(program, parameters, {
    input,
    env: { PATH, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(home, "kubectl"), ...SHORT_LIVED_GO },
  });
}
