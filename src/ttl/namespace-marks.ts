import { matchesWildcard } from "../wildcard/matches.ts";
import { parseExpiry, renderExpiry } from "./expiry.ts";
import type { NamespaceFacts } from "./namespace.ts";
import { SYSTEM_NAMESPACES } from "./namespace-fate.ts";
import { EXPIRY, MARK } from "./tags.ts";

type Texts = Readonly<Record<string, string>>;

/** A namespace that is to be an environment. */
export interface MarkOrder {
  readonly name: string;
  /** The labels by which it is known whose environment it is. */
  readonly identity: Texts;
  /** Annotations besides the end. */
  readonly notes: Texts;
  readonly expiresAt: Date;
}

export type Marking =
  /** There is none: it is made with its marks from its first moment on. */
  | { readonly kind: "make"; readonly labels: Texts; readonly annotations: Texts; readonly expiresAt: Date }
  /** It is this environment's: these annotations differ; the end is the later one. */
  | { readonly kind: "mark"; readonly annotations: Texts; readonly expiresAt: Date }
  | { readonly kind: "refuse"; readonly because: string };

/**
 * Decides how a namespace becomes an environment, or stays one. One that was there without marks is somebody else's: it
 * never gets any, since all in it would be deleted with it. The mark itself is only written when the namespace is made:
 * who takes it away keeps the namespace.
 *
 * @param found undefined where there is none
 */
export function decideMarking(order: MarkOrder, found: NamespaceFacts | undefined): Marking {
  const { name, identity, notes, expiresAt } = order;
  if (isSystemNamespace(name)) return { kind: "refuse", because: "it belongs to the cluster itself" };
  if (found === undefined) {
    const annotations = { ...notes, [EXPIRY]: renderExpiry(expiresAt) };
    return { kind: "make", labels: { [MARK]: "true", ...identity }, annotations, expiresAt };
  }
  const foreign = explainForeign(identity, found);
  if (foreign !== undefined) return { kind: "refuse", because: foreign };
  const live = parseExpiry(found.annotations[EXPIRY] ?? "");
  const later = "at" in live && live.at > expiresAt ? live.at : expiresAt;
  // As it stands there, where it stays: it may have been written in another zone.
  const end = "at" in live && live.at >= expiresAt ? (found.annotations[EXPIRY] ?? "") : renderExpiry(later);
  const wanted = Object.entries({ ...notes, [EXPIRY]: end });
  const annotations = Object.fromEntries(wanted.filter(([key, value]) => found.annotations[key] !== value));
  return { kind: "mark", annotations, expiresAt: later };
}

/** Why a namespace may not be deleted with this environment; undefined when all of its marks say that it may. */
export function explainKeep(identity: Texts, found: NamespaceFacts): string | undefined {
  if (isSystemNamespace(found.name)) return "it belongs to the cluster itself";
  const foreign = explainForeign(identity, found);
  if (foreign !== undefined) return foreign;
  const mark = found.labels[MARK];
  return mark === "true"
    ? undefined
    : `its label ${MARK} is ${mark === undefined ? "not there" : JSON.stringify(mark)}`;
}

/** Whose a namespace says that it is, where that is somebody else's; undefined also for one without any marks. */
export function explainAnothers(identity: Texts, { labels }: NamespaceFacts): string | undefined {
  const [odd] = Object.entries(identity).filter(([key, value]) => labels[key] !== undefined && labels[key] !== value);
  return odd && `its label ${odd[0]} is ${JSON.stringify(labels[odd[0]])}, not ${JSON.stringify(odd[1])}`;
}

function explainForeign(identity: Texts, { labels }: NamespaceFacts): string | undefined {
  const [odd] = Object.entries(identity).filter(([key, value]) => labels[key] !== value);
  if (odd === undefined) return undefined;
  const [key, value] = odd;
  const seen = labels[key];
  if (seen === undefined) return `it was there before, and has no label ${key}`;
  return `its label ${key} is ${JSON.stringify(seen)}, not ${JSON.stringify(value)}`;
}

function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.some((pattern) => matchesWildcard(name, pattern));
}
