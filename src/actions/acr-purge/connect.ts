import type { RegistryFacts as ArmFacts } from "../../azure/registry-facts.ts";
import { abortLater } from "../../kit/cancel.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import type { Runner } from "../../kit/runner.ts";
import { connectAcrMetadata } from "../../registry/acr-metadata.ts";
import { connectRegistry } from "../../registry/connect-registry.ts";
import { type Asked, explaining, explainRegistryFault } from "../explain-registry-fault.ts";
import { type AccessOptions, connectRegistryAccess } from "../registry-access.ts";
import { writeReport } from "../write-report.ts";
import type { spec } from "./spec.ts";
import type { RegistryFacts, World } from "./world.ts";

/** How long a DELETE that is on its way may still wait for its answer once the job is cancelled. */
const LAST_ANSWER_MS = 4_000;

/** The purge's world on a runner: one registry, through the job's federated identity. */
export function connect(
  runner: Runner,
  inputs: InputsOf<typeof spec>,
  httpClient?: AccessOptions["httpClient"],
): World {
  const startedAt = runner.monotonic();
  const left = (): number => startedAt + inputs.deadline - runner.monotonic();
  const access = connectRegistryAccess(runner, inputs, { left, httpClient });
  let known: ArmFacts | undefined;

  return {
    requireRegistry: async (nameOrId): Promise<RegistryFacts> => {
      // A login server is all that is needed, and takes no right in ARM.
      if (nameOrId.includes(".") && !nameOrId.startsWith("/")) {
        const loginServer = nameOrId.toLowerCase();
        return { id: undefined, name: loginServer.split(".")[0] ?? loginServer, loginServer };
      }
      known = await access.require(nameOrId);
      return known;
    },
    openRegistry: ({ loginServer: host }) => {
      const credentials = access.login.credentials(host);
      const session = access.session(host, credentials, abortLater(runner.cancelled, LAST_ANSWER_MS));
      const registry = connectRegistry(session);
      const asked: Omit<Asked, "repository" | "need"> = {
        host,
        facts: known,
        principalId: access.principalId,
        isAbac: async () => (await access.login.refreshToken(host)).abac,
      };
      const explain =
        (need: Asked["need"]) =>
        (error: unknown, repository: string): Promise<unknown> =>
          explainRegistryFault(error, { ...asked, need, repository });
      // Who may look need not be allowed to delete: each refusal names the role that is missing.
      const { untag, deleteManifest, ...looks } = connectAcrMetadata(session, registry);
      return {
        registry: explaining(registry, explain("pull")),
        metadata: {
          ...explaining(looks, explain("pull")),
          ...explaining({ untag, deleteManifest }, explain("delete")),
        },
      };
    },
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    cancelled: runner.cancelled,
    log: runner.log,
    summarize: runner.summarize,
    writeReport: (json) => writeReport(json, { prefix: "mayfly-purge-", maker: "acr-purge" }, runner),
  };
}
