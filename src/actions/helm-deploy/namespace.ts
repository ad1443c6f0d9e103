import { UserError } from "../../kit/user-error.ts";
import type { Session } from "./session.ts";

const MANAGER = "mayfly";

/**
 * Makes sure that a namespace is there, with the labels that were asked for. Returns whether it was there before. An
 * identity that may not look at namespaces at all is let pass: helm will say it.
 *
 * @throws UserError `namespace-missing`, `namespace-terminating`
 */
export async function ensureNamespace(
  { world, request, teller }: Session,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<boolean> {
  const ref = { apiVersion: "v1", kind: "Namespace", name };
  const found = await world.cluster.find(ref).catch((error: unknown) => {
    if (world.readRefusal(error)?.status === 403) return "hidden" as const;
    throw error;
  });
  if (found === "hidden") {
    const names = Object.keys(labels).join(", ");
    if (names !== "") world.log.warning(`Namespace ${name} may not be looked at, so it does not get ${names}.`);
    return true;
  }
  if (found?.metadata.deletionTimestamp !== undefined) {
    const text = `Namespace ${name} is being deleted since ${found.metadata.deletionTimestamp}.\nTo do: wait for it, or look what holds it: kubectl get namespace ${name} -o jsonpath='{.status.conditions}'`;
    throw new UserError("namespace-terminating", text);
  }
  const lacks = Object.entries(labels).some(([key, value]) => found?.metadata.labels?.[key] !== value);
  if (found !== undefined && !lacks) return true;
  if (request.planOnly) return found !== undefined;
  if (found === undefined && !request.createNamespace) {
    throw new UserError(
      "namespace-missing",
      `There is no namespace ${name}.\nTo do: create-namespace: true, or kubectl create namespace ${name}`,
    );
  }
  await world.cluster.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    { fieldManager: MANAGER, force: false },
  );
  teller.note(`Namespace ${name} was ${found === undefined ? "made" : "labelled"}.`);
  return true;
}
