import type { Clock } from "../azure/clock.ts";
import { type Account, nodeIdOf, renderAccount } from "./account.ts";
import type { Repository } from "./repository.ts";

export type RunStatus = "queued" | "in_progress" | "completed" | "waiting" | "requested" | "pending";
export type Conclusion =
  | "success"
  | "failure"
  | "cancelled"
  | "skipped"
  | "neutral"
  | "timed_out"
  | "action_required"
  | "stale"
  | "startup_failure";

export interface RunOptions {
  readonly id?: number;
  readonly workflow?: string;
  readonly event?: string;
  readonly headBranch?: string;
  readonly headSha?: string;
  readonly actor?: string;
  /** Where the first attempt stands; running where left out. */
  readonly status?: RunStatus;
  /** False for one that GitHub runs again no more, for reasons that it does not tell. */
  readonly retriable?: boolean;
}

interface Attempt {
  status: RunStatus;
  conclusion: Conclusion | null;
  readonly startedAt: Date;
  updatedAt: Date;
}

/** A run of a workflow. What it does next, a test says. */
export interface Run {
  readonly id: number;
  readonly attempts: readonly Attempt[];
  /** The latest attempt comes to this; completed without a conclusion is a success. */
  set(status: RunStatus, conclusion?: Conclusion): void;
  complete(conclusion?: Conclusion): void;
  cancel(): void;
  readonly createdAt: Date;
  readonly retriable: boolean;
  /** Begins another attempt. */
  rerun(): number;
  render(attempt?: number): Record<string, unknown> | undefined;
}

export function createRun(repository: Repository, id: number, actor: Account, options: RunOptions, clock: Clock): Run {
  const begin = (status: RunStatus): Attempt => ({
    status,
    conclusion: null,
    startedAt: clock.now(),
    updatedAt: clock.now(),
  });
  const attempts = [begin(options.status ?? "in_progress")];
  const set: Run["set"] = (status, conclusion) => {
    const last = attempts.at(-1);
    if (last === undefined) return;
    last.status = status;
    last.conclusion = status === "completed" ? (conclusion ?? "success") : null;
    last.updatedAt = clock.now();
  };
  const api = `https://api.github.com/repos/${repository.fullName}/actions/runs/${id}`;
  return {
    id,
    attempts,
    createdAt: clock.now(),
    retriable: options.retriable ?? true,
    set,
    complete: (conclusion) => set("completed", conclusion),
    cancel: () => set("completed", "cancelled"),
    rerun: () => attempts.push(begin("queued")),
    render: (number = attempts.length) => {
      const attempt = attempts[number - 1];
      if (attempt === undefined) return undefined;
      const { workflow = "preview", event = "pull_request", headBranch = "topic" } = options;
      return {
        id,
        name: workflow,
        node_id: nodeIdOf("WFR", repository.id, id),
        head_branch: headBranch,
        head_sha: options.headSha ?? "0123456789abcdef0123456789abcdef01234567",
        path: `.github/workflows/${workflow}.yml`,
        display_title: workflow,
        run_number: 7,
        event,
        status: attempt.status,
        conclusion: attempt.conclusion,
        workflow_id: 159_038,
        url: api,
        html_url: `https://github.com/${repository.fullName}/actions/runs/${id}`,
        created_at: seconds(attempts[0]?.startedAt ?? attempt.startedAt),
        updated_at: seconds(attempt.updatedAt),
        run_attempt: number,
        run_started_at: seconds(attempt.startedAt),
        previous_attempt_url: number > 1 ? `${api}/attempts/${number - 1}` : null,
        actor: renderAccount(actor),
        triggering_actor: renderAccount(actor),
        repository: { id: repository.id, full_name: repository.fullName },
      };
    },
  };
}

/** RFC 3339 to the second, as all of GitHub's times. */
export function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
