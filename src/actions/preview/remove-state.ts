import type { StateContainer } from "../../azure/state-container.ts";
import { listClauses } from "../../kit/error-chain.ts";
import { parseBackendConfig } from "../../terraform/backend-config.ts";
import { readRunNote } from "../../terraform/run-note.ts";
import { listGroupsOf, listOutside } from "../../terraform/state-outside.ts";
import type { JobFacts } from "../job-facts.ts";
import type { AzureWorld, World } from "./world.ts";

type Places = Pick<World, "log" | "redact"> & { readonly azure: AzureWorld };

/** Groups of a state that are asked for by name; no environment has so many. */
const MOST_GROUPS = 50;

/**
 * Removes an environment's state once nothing stands that it describes. Whatever speaks against it keeps it, and is said:
 * a lock, a run that works on it, a resource outside of the groups that are gone, a key that may be another's.
 *
 * Returns what was done, in words. Nothing in it makes a teardown fail.
 */
export async function removeState(
  environment: string,
  backendConfig: readonly string[],
  job: JobFacts,
  world: Places,
): Promise<readonly string[]> {
  if (backendConfig.length === 0) return [];
  const key = `mayfly/${job.repositoryId}/${environment}.tfstate`;
  const parsed = parseBackendConfig(backendConfig);
  if ("problems" in parsed) return keep(key, parsed.problems.map(({ message }) => message).join(" "), world);
  const { values, file } = parsed.value;
  const { storage_account_name: account, container_name: container } = values;
  if (account === undefined || container === undefined) {
    const where = file === undefined ? "backend-config names no storage account" : `it is in the file ${file}`;
    return keep(key, `where it is kept is not known here: ${where}`, world);
  }
  if (values["key"] !== undefined && values["key"] !== key) {
    return keep(values["key"], "backend-config gives it a key of its own, which may be another environment's", world);
  }
  try {
    const store = world.azure.stateContainer(account, container);
    return await removeBlob(store, key, job, world);
  } catch (error) {
    return keep(key, listClauses(error).join(": "), world);
  }
}

async function removeBlob(
  store: StateContainer,
  key: string,
  job: JobFacts,
  world: Places,
): Promise<readonly string[]> {
  const seen = await store.find(key);
  if (seen === undefined) return [];
  if (seen.lease.state === "leased" || seen.lease.state === "breaking") {
    return keep(key, `it is locked (its lease is ${seen.lease.state})`, world);
  }
  const worker = await findWorker(store, key, job);
  if (worker !== undefined) return keep(key, worker, world);
  const text = (await store.read(key))?.toString("utf8") ?? "";
  const outside = listOutside(text, await listGone(text, world));
  if (outside === undefined) return keep(key, "it cannot be read, so nobody knows what it holds", world);
  const real = outside.filter(({ hollow }) => !hollow).map(({ address }) => address);
  if (real.length > 0) {
    const because = `it holds ${real.slice(0, 5).join(", ")}${real.length > 5 ? ` and ${real.length - 5} more` : ""}, which the groups did not take with them: terraform destroy removes them`;
    return keep(key, because, world);
  }
  const outcome = await store.delete(key, { etag: seen.etag });
  if (outcome === "leased" || outcome === "changed") return keep(key, `it is ${outcome}`, world);
  await removeBeside(store, key, world);
  const left = outside.map(({ address }) => address);
  const hollow = left.length === 0 ? "" : `; ${left.join(", ")} may stand, and grant nobody anything any more`;
  return [`State ${key} removed${hollow}`];
}

/** Saved plans and our own note are of no use to anybody; what is left of them harms nobody. */
async function removeBeside(store: StateContainer, key: string, { log }: Places): Promise<void> {
  try {
    for (const plan of await store.list(`${key}.plan/`)) await store.delete(plan);
    await store.delete(`${key}.run`);
  } catch (error) {
    log.info(`What stands beside ${key} stays: ${listClauses(error).join(": ")}`);
  }
}

/** Another run that says it works on the state; undefined where nobody does, or this very run did. */
async function findWorker(store: StateContainer, key: string, job: JobFacts): Promise<string | undefined> {
  const text = (await store.read(`${key}.run`))?.toString("utf8");
  if (text === undefined) return undefined;
  const read = readRunNote(text);
  if ("problem" in read) return `somebody's note beside it cannot be read: ${read.problem}`;
  const { note } = read;
  const own = note.repositoryId === job.repositoryId && note.runId === job.runId;
  return own ? undefined : `run ${note.runId} of ${note.repository} has noted that it works on it (${key}.run)`;
}

/** The groups that the state speaks of and that ARM says are not there. */
async function listGone(text: string, { azure }: Places): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const { id, subscriptionId, name } of listGroupsOf(text).slice(0, MOST_GROUPS)) {
    if ((await azure.groups.find(subscriptionId, name)) === undefined) gone.push(id);
  }
  return gone;
}

function keep(key: string, because: string, { log, redact }: Places): readonly string[] {
  const text = redact(`State ${key} kept: ${because}`);
  log.warning(text, { title: "The state stays" });
  return [text];
}
