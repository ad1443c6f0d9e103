import type { ArmFault } from "../../src/ttl/blockers.ts";
import type { GroupFacts, Lock } from "../../src/ttl/facts.ts";

type Document = Readonly<Record<string, unknown>>;

/** The documents of a list that az printed. @throws Error for anything else */
export function asDocuments(printed: unknown): readonly Document[] {
  if (!Array.isArray(printed)) throw new Error(`expected a list from az, got ${JSON.stringify(printed)}`);
  return printed as Document[];
}

/** A document that az printed. @throws Error for anything else */
export function asDocument(printed: unknown): Document {
  if (printed === null || typeof printed !== "object" || Array.isArray(printed)) {
    throw new Error(`expected a document from az, got ${JSON.stringify(printed)}`);
  }
  return { ...printed };
}

/** A group as az prints it, in the words of our adapters. */
export function toFacts(printed: unknown): GroupFacts {
  const { id, name, location, tags, managedBy, properties } = asDocument(printed);
  return {
    id: String(id),
    subscriptionId: String(id).split("/")[2] ?? "",
    name: String(name),
    location: String(location),
    tags: { ...(tags as Readonly<Record<string, string>> | null) },
    managedBy: typeof managedBy === "string" ? managedBy : undefined,
    provisioningState: String(asDocument(properties)["provisioningState"]),
  };
}

/** A lock as az prints it; what it locks stands in its id. */
export function toLock(printed: unknown): Lock {
  const { id, name, level } = asDocument(printed);
  const [scope = ""] = String(id).split("/providers/Microsoft.Authorization/locks/");
  return { id: String(id), name: String(name), level: String(level), scope };
}

/** In one order, so that lists can be compared. */
export function byId<T extends { readonly id: string }>(documents: readonly T[]): readonly T[] {
  return [...documents].sort((left, right) => (left.id < right.id ? -1 : 1));
}

/** A fault of a group by code and details, with what differs between two groups of one fate left out. */
export function withoutNames(fault: ArmFault, group: string): unknown {
  const { code, message, details = [] } = fault;
  const plain = (text: string) =>
    text.replaceAll(group, "<group>").replace(/tracking Id is '[^']*'/, "tracking Id is '<id>'");
  const inner = details.map((one) => ({
    code: one.code,
    message: plain(one.message),
    target: plain(one.target ?? "none"),
  }));
  return { code, message: plain(message), details: inner };
}
