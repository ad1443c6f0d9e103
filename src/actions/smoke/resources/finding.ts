import type { KubeObject } from "../../../kubernetes/kube-object.ts";

/** What one object shows of one thing that has to be true of it. */
export interface Finding {
  readonly state: "holds" | "not-yet" | "never";
  /** In a line. */
  readonly seen: string;
}

/** Judges objects of one look. */
export interface Judge {
  /** What has to be true, in a line. */
  readonly expected: string;
  /** Reads what it takes to judge all of them; then each one. */
  open(objects: readonly KubeObject[]): Promise<(object: KubeObject) => Finding>;
}

/** It is so. */
export const holds = (seen: string): Finding => ({ state: "holds", seen });
/** It is not so, and may become so. */
export const notYet = (seen: string): Finding => ({ state: "not-yet", seen });
/** It is not so, and nothing that may still come makes it so. */
export const never = (seen: string): Finding => ({ state: "never", seen });
