import type { Look } from "./sign.ts";

/** Whether pods of a namespace are on their way out: then there may be room for others in a moment. */
export function roomMayCome(namespace: string, { seen }: Look): boolean {
  return seen
    .list("Pod")
    .some(({ metadata }) => metadata.deletionTimestamp !== undefined && (metadata.namespace ?? "") === namespace);
}
