import { UserError } from "../../kit/user-error.ts";
import type { NamespaceFacts } from "../../ttl/namespace.ts";
import { markNamespace } from "./mark-namespace.ts";
import type { NamespaceWish } from "./namespace-wish.ts";
import type { Session } from "./session.ts";

const MANAGER = "mayfly";

/**
 * Makes sure that a namespace is there, as it was asked for: labels, marks of an environment, quota and limits. Returns
 * whether it was there before, or is now. An identity that may not look at namespaces at all is let pass where it has
 * nothing to mark: helm will say it.
 *
 * @throws UserError `namespace-missing`, `namespace-terminating`, `namespace-not-ours`
 */
export async function ensureNamespace(session: Session, name: string, wish: NamespaceWish): Promise<boolean> {
  const { world, request, teller } = session;
  const found = await look(session, name, wish);
  if (found === "hidden") return true;
  if (found?.deleting) {
    const text = `Namespace ${name} is being deleted.\nTo do: wait for it, or look what holds it: kubectl get namespace ${name} -o jsonpath='{.status.conditions}'`;
    throw new UserError("namespace-terminating", text);
  }
  if (found === undefined && !request.createNamespace && !request.planOnly) {
    throw new UserError(
      "namespace-missing",
      `There is no namespace ${name}.\nTo do: create-namespace: true, or kubectl create namespace ${name}`,
    );
  }
  const marked = await markNamespace(session, name, wish, found);
  if (request.planOnly) return found !== undefined;
  const labels = marked?.labels ?? found?.labels ?? {};
  const lacks = Object.entries(wish.labels).some(([key, value]) => labels[key] !== value);
  if (lacks || (found === undefined && marked === undefined)) {
    await world.cluster.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: wish.labels } },
      { fieldManager: MANAGER, force: false },
    );
    teller.note(`Namespace ${name} was ${found === undefined ? "made" : "labelled"}.`);
  }
  await limitNamespace(session, name, wish);
  return true;
}

/** Who may not look goes on, unless something is to be marked: that is never done unseen. */
async function look(
  { world }: Session,
  name: string,
  { labels, lifetime }: NamespaceWish,
): Promise<NamespaceFacts | undefined | "hidden"> {
  try {
    return await world.namespaces.find(name);
  } catch (error) {
    if (lifetime !== undefined || world.readRefusal(error)?.status !== 403) throw error;
    const names = Object.keys(labels).join(", ");
    if (names !== "") world.log.warning(`Namespace ${name} may not be looked at, so it does not get ${names}.`);
    return "hidden";
  }
}

/** Before anything of the release is there: what a LimitRange says counts for pods that are made after it. */
async function limitNamespace({ world }: Session, namespace: string, { quota, limits }: NamespaceWish): Promise<void> {
  const metadata = { name: MANAGER, namespace, labels: { "app.kubernetes.io/managed-by": MANAGER } };
  const options = { fieldManager: MANAGER, force: true };
  if (quota !== undefined) {
    const spec = { hard: quota };
    await world.cluster.apply({ apiVersion: "v1", kind: "ResourceQuota", metadata, spec }, options);
  }
  if (limits !== undefined) {
    const spec = { limits };
    await world.cluster.apply({ apiVersion: "v1", kind: "LimitRange", metadata, spec }, options);
  }
}
