import { listClauses } from "../../kit/error-chain.ts";
import type { Environment } from "../../preview/environment.ts";
import { renderExpiry } from "../../ttl/expiry.ts";
import { isDeleting } from "../../ttl/facts.ts";
import { EXPIRY, findTag, MARK } from "../../ttl/tags.ts";
import { readEnd } from "./environments.ts";
import type { World } from "./world.ts";

type Places = Pick<World, "azure" | "namespaces" | "log">;

/**
 * Moves the end of an environment's parts: only of those that the reaper would delete, and only of those whose end
 * `moves` says so of. Returns what could not be moved, in words.
 */
export async function setEnd(
  environment: Environment,
  end: Date,
  moves: (end: Date | undefined) => boolean,
  world: Places,
): Promise<readonly unknown[]> {
  const { azure, namespaces, log } = world;
  const words = { [EXPIRY]: renderExpiry(end) };
  const groups = environment.groups.filter(
    (group) => !isDeleting(group) && isMortal(group.tags) && moves(readEnd(group.tags)),
  );
  const spaces = environment.namespaces.filter(
    ({ deleting, labels, annotations }) => !deleting && isMortal(labels) && moves(readEnd(annotations)),
  );
  const faults: unknown[] = [];
  const move = async (name: string, work: Promise<void> | undefined): Promise<void> => {
    try {
      await work;
      log.info(`${name} lives until ${renderExpiry(end)}`);
    } catch (error) {
      log.info(`The end of ${name} stays as it is: ${listClauses(error).join(": ")}`);
      faults.push(error);
    }
  };
  for (const { id, name } of groups) await move(name, azure?.groups.mergeTags(id, words));
  for (const { name } of spaces) await move(`namespace ${name}`, namespaces?.annotate(name, words));
  return faults;
}

/** Before anything is built: nothing that a deployment works on ends meanwhile. */
export function bringBack(environment: Environment, end: Date, world: Places): Promise<readonly unknown[]> {
  return setEnd(environment, end, (live) => live === undefined || live < end, world);
}

/** So that the reaper finishes what a teardown leaves. */
export function bringForward(environment: Environment, end: Date, world: Places): Promise<readonly unknown[]> {
  return setEnd(environment, end, (live) => live === undefined || live > end, world);
}

function isMortal(tags: Readonly<Record<string, string>>): boolean {
  const mark = findTag(tags, MARK);
  return mark.kind === "found" && mark.value.trim().toLowerCase() === "true";
}
