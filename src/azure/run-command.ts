import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { type Attempt, type RetryPolicy, retry } from "../kit/retry.ts";
import { parseRetryAfter, readRetryAfter } from "../kit/retry-after.ts";
import { UserError } from "../kit/user-error.ts";
import type { ArmConnection } from "./arm-connection.ts";
import { ArmRefusal } from "./arm-refusal.ts";
import { type ArmFields, asFields, askArm, asText, explained, readBody } from "./ask-arm.ts";
import { CLUSTER_API, clusterPath } from "./cluster-facts.ts";
import { explainMissingCommandRole } from "./cluster-refusal.ts";
import { CLUSTER_SCOPE } from "./cluster-scope.ts";
import { explainCommandRefusal, failsToStart, sayCommandFailed, sayDisabled } from "./command-refusal.ts";
import type { ClusterFacts, CommandOrder, CommandOutcome } from "./managed-clusters.ts";

/** Where Azure cuts off what a command prints: https://learn.microsoft.com/azure/aks/access-private-cluster */
const OUTPUT_BYTES = 512 * 1024;
const LONGEST_WAIT_MS = 5_000;
const FIRST_WAIT_MS = 1_000;
/** Throttled is an answer that says that nothing was begun. */
const START_RETRY: RetryPolicy = { tries: 5, firstWaitMs: 1_000, longestWaitMs: 60_000 };

/** Runs a command through ARM in a pod of the cluster, and waits for its end. @throws UserError */
export async function runInCluster(
  connection: ArmConnection,
  cluster: ClusterFacts,
  order: CommandOrder,
): Promise<CommandOutcome> {
  if (cluster.runCommandDisabled) throw sayDisabled(cluster);
  const clause = `Cannot run a command in the AKS cluster "${cluster.name}" through ARM`;
  const run = async (): Promise<CommandOutcome> =>
    readOutcome(await follow(connection, await begin(connection, cluster, order)));
  return explained(
    connection,
    clause,
    async () => {
      try {
        return await run();
      } catch (error) {
        // Azure's own advice ("retry may helps"): the pod did not come up, so nothing has run.
        if (!failsToStart(error) || connection.cancelled.aborted) throw error;
        return await run();
      }
    },
    (refusal) => explainCommandRefusal(clause, refusal, cluster) ?? explainMissingCommandRole(clause, refusal, cluster),
  );
}

async function begin(connection: ArmConnection, cluster: ClusterFacts, order: CommandOrder): Promise<PipelineResponse> {
  const body = {
    command: order.command,
    context: order.files === undefined ? "" : Buffer.from(order.files).toString("base64"),
    ...(cluster.auth === "local" ? {} : { clusterToken: await findToken(connection) }),
  };
  return retry<PipelineResponse>(
    async (): Promise<Attempt<PipelineResponse>> => {
      try {
        const path = `${clusterPath(cluster)}/runCommand?${CLUSTER_API}`;
        return { kind: "done", value: await askArm(connection, "POST", path, body) };
      } catch (error) {
        if (!(error instanceof ArmRefusal) || error.status !== 429) throw error;
        const waitMs = parseRetryAfter(error.retryAfter, connection.time.now());
        return { kind: "again", because: error, waitMs };
      }
    },
    { ...connection.time, cancelled: connection.cancelled },
    START_RETRY,
  );
}

/** As whom the command speaks to the API server. */
async function findToken({ credential, cancelled }: ArmConnection): Promise<string> {
  const token = await credential.getToken(CLUSTER_SCOPE, { abortSignal: cancelled });
  if (token !== null) return token.token;
  throw new Error("the credential gave no token for AKS");
}

/** Asks where ARM points to until the command is over. */
async function follow(connection: ArmConnection, started: PipelineResponse): Promise<ArmFields> {
  const { time, cancelled } = connection;
  let answer = started;
  let pause = FIRST_WAIT_MS;
  for (let address = asText(started.headers.get("location")); answer.status === 202 || isRunning(answer); ) {
    if (address === undefined) {
      const text = "ARM has taken the command and does not say where to ask for its end. It may be running.";
      throw new UserError("run-command-failed", text);
    }
    const wait = Math.min(readRetryAfter(answer.headers, time.now()) ?? pause, time.left());
    await time.sleep(wait);
    cancelled.throwIfAborted();
    pause = Math.min(pause * 1.5, LONGEST_WAIT_MS);
    answer = await askArm(connection, "GET", address);
    address = asText(answer.headers.get("location")) ?? address;
  }
  return readBody(answer);
}

/** A result may come before its end: `Running`, `Pending`. */
function isRunning(answer: PipelineResponse): boolean {
  const state = asText(asFields(readBody(answer)["properties"])["provisioningState"]);
  return state !== undefined && !/^(?:Succeeded|Failed|Canceled)$/i.test(state);
}

function readOutcome(body: ArmFields): CommandOutcome {
  const { provisioningState, exitCode, logs, reason } = asFields(body["properties"]);
  const output = asText(logs) ?? "";
  // A command that ended badly has succeeded as far as ARM is concerned.
  if (asText(provisioningState)?.toLowerCase() !== "succeeded" || typeof exitCode !== "number") {
    throw sayCommandFailed(
      asText(reason) ?? `it ended as ${asText(provisioningState) ?? "nothing that is known"}`,
      output,
    );
  }
  return { exitCode, output, cut: Buffer.byteLength(output) >= OUTPUT_BYTES };
}
