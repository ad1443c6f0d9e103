import { TaskFailure } from "./failure.ts";

/** Flags that docker's older builder does not have. */
const FLAGS =
  /^--(secret|ssh|output|progress|build-context|cache-to|provenance|sbom|attest|builder|load|push|annotation|metadata-file|allow)(=|$)|^-o$/;

/** What a Dockerfile may only say to BuildKit. */
const INSTRUCTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\s*RUN\s+--mount=/im, "the --mount option requires BuildKit"],
  [/^\s*RUN\s+--(network|security)=/im, "the --$1 option requires BuildKit"],
  [/^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*--(link|parents|exclude)\b/im, "the --$1 option requires BuildKit"],
  [/^\s*(?:RUN|COPY)\s.*<<-?\s*['"]?\w/im, "here-documents require BuildKit"],
];

/**
 * ACR Tasks build without BuildKit unless a step says otherwise: what only BuildKit knows fails there, whatever builds here.
 * @throws TaskFailure
 */
export function requireLegacy(words: readonly string[], dockerfile: string): void {
  const flag = words.find((word) => FLAGS.test(word));
  if (flag !== undefined) throw new TaskFailure(`unknown flag: ${flag.split("=")[0]}`);
  for (const [pattern, message] of INSTRUCTIONS) {
    const found = pattern.exec(dockerfile);
    if (found === null) continue;
    const hint = "Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled";
    throw new TaskFailure(`${message.replace("$1", found[1] ?? "")}. ${hint}`);
  }
}
