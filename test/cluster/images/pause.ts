import { LOCAL_IMAGES } from "../layout.ts";
import type { ImageOptions } from "./archive.ts";

/** The name of what holds a pod's namespaces. */
export const PAUSE_IMAGE = `${LOCAL_IMAGES}/pause:1`;

/**
 * It waits, and containerd kills it when the pod goes. It collects no orphans, which only pods that share their process
 * namespace would have.
 */
export function pauseImage(busybox: string): ImageOptions {
  return {
    reference: PAUSE_IMAGE,
    files: { busybox: { from: busybox } },
    entrypoint: ["/busybox", "sleep", "infinity"],
  };
}
