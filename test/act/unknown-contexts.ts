/** What GitHub knows of a run and act leaves empty, as far as it is the same for a whole run. */
export interface RunFacts {
  /** The folder's place under which act finds what `$/` names: `OWNER/mayfly`. */
  readonly place: string;
  /** The commit of the called workflow. */
  readonly workflowSha: string;
  /** `refs/tags/v1`: the ref by which the consumer calls it. */
  readonly workflowRef: string;
  /** The called workflow, `.github/workflows/preview.yml`: what `job.workflow_ref` is in an action of its jobs. */
  readonly workflowFile: string;
  /** The consumer's `github` context. */
  readonly github: Readonly<Record<string, unknown>>;
}

type Literal = (facts: RunFacts, file: string) => string;

const fromGithub =
  (key: string): Literal =>
  ({ github }) =>
    `${github[key] ?? ""}`;

/** A file's own path where it is a workflow. An action may run in the jobs of many: one of them has to do. */
const calledFile = ({ workflowFile }: RunFacts, file: string): string =>
  file.startsWith(".github/workflows/") ? file : workflowFile;

/** The one table of contexts that act leaves empty. `file` is the path of the file in its repository. */
const LITERALS: Readonly<Record<string, Literal>> = {
  "job.workflow_repository": ({ place }) => place,
  "job.workflow_sha": ({ workflowSha }) => workflowSha,
  "job.workflow_ref": (facts, file) => `${facts.place}/${calledFile(facts, file)}@${facts.workflowRef}`,
  "job.workflow_file_path": calledFile,
  "github.workflow_ref": fromGithub("workflow_ref"),
  "github.workflow_sha": fromGithub("workflow_sha"),
  // In a called workflow act gives the callee's name, GitHub the caller's.
  "github.workflow": fromGithub("workflow"),
  "github.repository_id": fromGithub("repository_id"),
  "github.repository_owner_id": fromGithub("repository_owner_id"),
  "github.repository_visibility": fromGithub("repository_visibility"),
  "github.actor_id": fromGithub("actor_id"),
  "github.triggering_actor": fromGithub("triggering_actor"),
  "github.ref_protected": fromGithub("ref_protected"),
  "github.retention_days": fromGithub("retention_days"),
  "runner.name": () => "act",
  "runner.environment": () => "self-hosted",
  "runner.debug": () => "",
};

/** Differ between the jobs of a run, so that no literal can stand for them. */
const HOPELESS = ["job.check_run_id", "strategy.job-index", "strategy.job-total"];

const TOKENS = new RegExp(
  `'(?:[^']|'')*'|(?<![\\w.\\-])(?:${[...Object.keys(LITERALS), ...HOPELESS, "case"].join("|").replaceAll(".", "\\.")})(?![\\w.\\-])(?:\\s*\\()?`,
  "gi",
);

/**
 * An expression with literals in the places of the contexts that act leaves empty.
 *
 * @throws Error for what act can not evaluate and no literal can stand for
 */
export function fillExpression(expression: string, facts: RunFacts, file: string): string {
  return expression.replace(TOKENS, (token) => {
    if (token.startsWith("'")) return token;
    const name = token.toLowerCase();
    if (/^case\s*\($/.test(name)) throw new Error("act rejects a file with case(), as a whole and for another reason");
    if (HOPELESS.includes(name)) throw new Error(`act leaves ${name} empty, and it differs between jobs`);
    const literal = LITERALS[name];
    return literal === undefined ? token : `'${literal(facts, file).replaceAll("'", "''")}'`;
  });
}
