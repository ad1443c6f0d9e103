import type { Environment } from "../../preview/environment.ts";
import { findTag, MARK } from "../../ttl/tags.ts";

/** Whether a part of it says that it must not be deleted by itself: anything but a plain `auto-destroy=true` that stands there. */
export function isPinned({ groups, namespaces }: Environment): boolean {
  return [...groups.map(({ tags }) => tags), ...namespaces.map(({ labels }) => labels)].some((tags) => {
    const mark = findTag(tags, MARK);
    return mark.kind === "twice" || (mark.kind === "found" && mark.value.trim().toLowerCase() !== "true");
  });
}
