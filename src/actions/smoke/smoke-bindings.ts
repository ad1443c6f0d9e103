import { makeReleaseBindings } from "../../helm/release-bindings.ts";
import type { ReleaseRecord } from "../../helm/release-record.ts";
import type { Bindings } from "../../smoke/fill.ts";
import type { JobFacts } from "../job-facts.ts";

/** What a spec may use by `${…}` besides its own bindings. */
export interface BindingFacts {
  readonly namespace: string;
  /** The newest revision of the release; undefined where no release was named. */
  readonly release: ReleaseRecord | undefined;
  readonly job: JobFacts;
  /** Outputs of terraform by name; undefined where none were given. */
  readonly terraform: Readonly<Record<string, unknown>> | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** Where the release is reached; undefined where nobody knows. A variable of this name wins. */
  readonly url?: string | undefined;
  /** A word that no other smoke test has. */
  readonly unique: string;
}

/** The bindings that all specs of a run share. */
export function makeBindings(facts: BindingFacts): Bindings {
  const { namespace, release, job, terraform, variables, url, unique } = facts;
  const { repository, runId, attempt, runUrl, headSha, environment } = job;
  const id = runId === undefined ? "" : String(runId);
  return {
    ...(url === undefined ? {} : { url }),
    ...variables,
    namespace,
    ...(release === undefined ? {} : { release: makeReleaseBindings(release) }),
    ...(terraform === undefined ? {} : { terraform }),
    run: {
      id,
      attempt: String(attempt),
      sha: headSha || (environment["GITHUB_SHA"] ?? ""),
      ref: environment["GITHUB_REF"] ?? "",
      repository,
      url: runUrl,
      // It may be a part of a name in Kubernetes, and of a subject of NATS.
      unique: ["run", ...(id === "" ? [] : [id, String(attempt)]), unique].join("-"),
    },
  };
}
