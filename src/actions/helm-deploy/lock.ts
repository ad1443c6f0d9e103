import { decideLock, type LockDecision } from "../../helm/decide-lock.ts";
import { type RunLabels, readRunLabels } from "../../helm/run-labels.ts";
import { renderDuration } from "../../kit/duration.ts";
import { startProgress } from "../../kit/progress.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Cluster } from "../../kubernetes/cluster.ts";
import type { StoredRelease } from "../../kubernetes/read-release-records.ts";
import { refuseCancelled } from "./refuse-cancelled.ts";
import type { Request } from "./request.ts";
import type { Session } from "./session.ts";
import { uninstall } from "./uninstall.ts";

const LOOK_AGAIN_MS = 3_000;

/** What taking a turn needs to know. */
export interface TurnSession extends Pick<Session, "world" | "teller" | "job" | "helm"> {
  readonly request: Pick<Request, "lockWait" | "planOnly" | "onLock" | "kubeContext" | "timeout">;
}

/**
 * Makes sure that nobody works on a release: waits for who does, and clears what a run that is proven over has left
 * pending. Returns what is known of the release, newest first.
 *
 * A plan changes nothing, and so needs no turn.
 *
 * @throws UserError `release-locked` that names who holds it and how to clear it by hand; `cancelled`
 */
export async function takeTurn(
  session: TurnSession,
  release: { readonly name: string; readonly namespace: string },
  wanted: "deploy" | "uninstall" = "deploy",
): Promise<readonly StoredRelease[]> {
  const { world, request, teller } = session;
  const until = world.monotonic() + request.lockWait;
  const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
  for (;;) {
    const { releases, unreadable } = await world.readReleases(release.namespace, release.name);
    for (const { name, because } of unreadable) world.log.warning(world.redact(`Secret ${name}: ${because}`));
    const [newest] = releases;
    if (newest === undefined || request.planOnly) return releases;
    // What was begun is ended: two that take the same away do each other no harm.
    if (wanted === "uninstall" && newest.record.status === "uninstalling") return releases;
    const decided = await decide(session, newest);
    if (decided.do === "go") return releases;
    // The record of what was begun says what there is to be taken away.
    if (decided.do === "clear" && wanted === "uninstall") return releases;
    if (decided.do === "clear") {
      await clearPending(world.lastingCluster, newest);
      teller.note(
        `${release.name} revision ${newest.record.revision} was left pending: ${decided.why}; it was cleared.`,
      );
      continue;
    }
    if (decided.do === "finish") {
      const { kubeContext: context, timeout: timeoutMs } = request;
      await uninstall(session, { ...release, context, timeoutMs }, newest);
      teller.note(`Somebody had begun to uninstall ${release.name}: ${decided.why}; that was finished.`);
      continue;
    }
    refuseCancelled(world, `release ${release.name}`);
    if (decided.do === "refuse" || world.monotonic() >= until) throw explainLock(newest, decided.why);
    progress.say(`waiting for ${release.name}: ${decided.why} (${renderDuration(request.lockWait)} at most)`);
    await world.sleep(LOOK_AGAIN_MS);
  }
}

function explainLock({ secret, record }: StoredRelease, why: string): UserError {
  const { name, namespace, status } = record;
  const byHand: Readonly<Record<string, string>> = {
    uninstalling: `helm uninstall ${name}`,
    unknown: `helm status ${name}`,
  };
  const command = byHand[status] ?? `kubectl delete secret ${secret.name}`;
  const advice = `To do: when nobody works on it: ${command} --namespace ${namespace}`;
  return new UserError("release-locked", `Release ${name} is ${status}: ${why}.\n${advice}`);
}

/** GitHub is asked about the run in the labels; without one, or a token, nothing is proven. */
async function decide({ world, request, job }: TurnSession, { record }: StoredRelease): Promise<LockDecision> {
  const labels = readRunLabels(record.labels);
  const pending = record.status.startsWith("pending-") || labels?.uninstalling === true;
  const asked = labels === undefined || labels.repositoryId !== job.repositoryId ? undefined : labels;
  const run = pending && asked !== undefined ? await findRun(world, job.repository, asked) : undefined;
  return decideLock({ record, labels, job, run, now: world.now(), policy: request.onLock });
}

/** Where GitHub does not answer nothing is proven, and that is said. */
async function findRun({ github, log }: Session["world"], repository: string, { runId, attempt }: RunLabels) {
  return github?.runs.find(repository, runId, attempt).catch((error: unknown) => {
    const because = error instanceof Error ? error.message : String(error);
    log.warning(`GitHub could not be asked about run ${runId}: ${because}`);
    return undefined;
  });
}

/**
 * Takes away the newest revision of a release while it is pending, as nobody works on it: what it has made stays, and
 * the next revision takes it over.
 *
 * @throws KubeRefusal 409 when somebody has gone on with it meanwhile
 */
export async function clearPending(cluster: Pick<Cluster, "remove">, { secret, record }: StoredRelease): Promise<void> {
  await cluster.remove(
    { apiVersion: "v1", kind: "Secret", namespace: record.namespace, name: secret.name },
    { uid: secret.uid, resourceVersion: secret.resourceVersion },
  );
}
