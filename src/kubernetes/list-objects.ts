import { type Asking, askJson, type Question } from "./ask.ts";
import type { ListQuery, ServedKind } from "./cluster.ts";
import type { KubeObject } from "./kube-object.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { collectionPath } from "./object-path.ts";

export interface Listed {
  readonly items: readonly KubeObject[];
  /** From where a watch goes on. */
  readonly resourceVersion: string;
}

const PAGE = 500;
/** Pages are of one moment, which the server forgets after some minutes. */
const BEGINNINGS = 3;

/** All objects that fit, of one moment. @throws KubeRefusal */
export async function listObjects(
  asking: Asking,
  kind: ServedKind,
  query: ListQuery,
  options: Pick<Question, "until" | "policy"> = {},
): Promise<Listed> {
  for (let begun = 1; ; begun += 1) {
    try {
      return await listOnce(asking, kind, query, options);
    } catch (error) {
      if (!(error instanceof KubeRefusal) || error.status !== 410 || begun >= BEGINNINGS) throw error;
    }
  }
}

async function listOnce(
  asking: Asking,
  kind: ServedKind,
  query: ListQuery,
  options: Pick<Question, "until" | "policy">,
): Promise<Listed> {
  const items: KubeObject[] = [];
  let resourceVersion = "";
  let next: string | undefined;
  do {
    const page = await askJson(asking, {
      ...options,
      method: "GET",
      path: collectionPath(kind, query.namespace),
      query: { ...selectors(query), limit: PAGE, continue: next },
      looks: true,
    });
    if (!Array.isArray(page["items"]))
      throw new KubeRefusal(502, "", `the answer to a list of ${kind.resource} is no list`);
    // Items of a list leave out what they are.
    for (const item of page["items"]) items.push({ apiVersion: kind.apiVersion, kind: kind.kind, ...item });
    const metadata = (page["metadata"] ?? {}) as { readonly resourceVersion?: string; readonly continue?: string };
    resourceVersion = metadata.resourceVersion ?? "";
    next = metadata.continue || undefined;
  } while (next !== undefined);
  return { items, resourceVersion };
}

/** The selectors of a query, as the API server takes them. */
export function selectors({ labelSelector, fieldSelector }: ListQuery): NonNullable<Question["query"]> {
  return { labelSelector: labelSelector || undefined, fieldSelector: fieldSelector || undefined };
}
