import type { BuildWarning } from "../build-request.ts";
import type { Problem } from "../problem.ts";
import { type Dockerfile, readDockerfile } from "./read-dockerfile.ts";
import { findTarget } from "./stage-graph.ts";

/** What can be said of a Dockerfile before anything is built. */
export interface DockerfileCheck {
  /** With any of these no builder builds it. */
  readonly problems: readonly Problem[];
  /** Names that look as if they held a secret. */
  readonly warnings: readonly BuildWarning[];
}

/**
 * Looks for what a build would only tell after it has begun: an empty Dockerfile, a target that is none of its stages; and
 * for secrets in places that everybody can read.
 *
 * Problems have the codes `dockerfile-invalid` and `dockerfile-target-not-found`.
 *
 * @param file the path that problems and warnings point at, relative to the repository.
 */
export function checkDockerfile(text: string, file: string, target: string | undefined): DockerfileCheck {
  const dockerfile = readDockerfile(text);
  return {
    problems: listProblems(dockerfile, file, target),
    warnings: dockerfile.variables
      .filter(({ name }) => looksSecret(name))
      .map(({ keyword, name, line }) => ({
        message: `${keyword} ${name} looks like a secret: it stays in the image's history for everybody to read. Use RUN --mount=type=secret,id=… and the input "secrets"`,
        file,
        line,
        url: "https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/",
      })),
  };
}

function listProblems(
  { stages, instructionCount }: Dockerfile,
  file: string,
  target: string | undefined,
): readonly Problem[] {
  if (instructionCount === 0) {
    return [{ code: "dockerfile-invalid", message: `${file} is empty: a Dockerfile begins with FROM.`, file, line: 1 }];
  }
  const [first] = stages;
  if (first === undefined) {
    return [
      { code: "dockerfile-invalid", message: `${file} has no FROM, so there is no stage to build.`, file, line: 1 },
    ];
  }
  if (findTarget(stages, target) !== undefined) return [];
  const names = [...new Set(stages.flatMap(({ name }) => name ?? []))];
  const known = names.length === 0 ? "its stages have no names (FROM … AS name)" : `its stages are ${names.join(", ")}`;
  return [
    {
      code: "dockerfile-target-not-found",
      message: `${file} has no stage "${target}": ${known}. Name one of them under "target", or leave it out for the last one.`,
      file,
      line: first.line,
    },
  ];
}

/** BuildKit's own words for secrets, whole parts of a name only (dockerfile2llb/validations.go). */
const SECRET = /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const HARMLESS = /(?:^|_)(?:public|file|version)(?:_|$)/i;

/** Whether a variable's name says that it holds a secret: `NPM_TOKEN` does, `PUBLIC_KEY` and `TOKEN_FILE` do not. */
export function looksSecret(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}
