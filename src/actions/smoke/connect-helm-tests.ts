import { join } from "node:path";
import { makeTestArguments } from "../../helm/helm-arguments.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolder, removeScratchFolder } from "../../kit/scratch-folder.ts";
import { readRoute, requireDirect } from "../cluster-route.ts";
import { connectHelm } from "../helm-deploy/connect-helm.ts";
import { makeHelmEnvironment } from "../helm-deploy/helm-environment.ts";
import type { SmokeWorld } from "./world.ts";

export interface HelmTestInputs {
  readonly kubeconfig: string | undefined;
  readonly kubeContext: string | undefined;
}

type HelmTestRunner = Pick<Runner, "environment" | "cancelled" | "tempFolder" | "log">;

const KIND = { prefix: "mayfly-helm-test-", maker: "smoke-test" } as const;

/** Runs `helm test` as the deployment does. Its output goes to a folder that goes with the call. */
export function connectHelmTests(runner: HelmTestRunner, inputs: HelmTestInputs): SmokeWorld["runHelmTests"] {
  const { environment, tempFolder } = runner;
  return async ({ release, namespace, tests, timeoutMs, until }) => {
    requireDirect(readRoute(environment, inputs.kubeconfig), "helm test");
    const folder = await makeScratchFolder(KIND, tempFolder);
    try {
      const helm = await connectHelm({
        runner,
        logFolder: folder,
        folder: environment["GITHUB_WORKSPACE"] || process.cwd(),
        environment: makeHelmEnvironment(environment, {
          kubeconfig: inputs.kubeconfig,
          registryConfig: join(folder, "registry.json"),
        }),
      });
      const order = { release, namespace, context: inputs.kubeContext, timeoutMs };
      const { exitCode, stdout, stderr } = await helm.run({
        name: "test",
        parameters: makeTestArguments(order, tests),
        stop: until,
      });
      return { exitCode, output: `${stdout}\n${stderr}` };
    } finally {
      const left = await removeScratchFolder(folder, KIND, tempFolder);
      if (left !== undefined) runner.log.warning(`Left in place: ${left}.`);
    }
  };
}
