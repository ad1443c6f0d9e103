import type { HelmFault } from "../../src/helm/explain-helm.ts";

/** What helm said, word for word, and what is to be read from it. */
export interface Said {
  readonly name: string;
  readonly text: string;
  readonly fault: Partial<Omit<HelmFault, "message" | "fix" | "raw">> & Pick<HelmFault, "code">;
  /** Words that the message has to have. */
  readonly words: RegExp;
  readonly fix?: RegExp;
}
