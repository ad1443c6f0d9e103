import type { GitHubWorld } from "../../../../src/actions/terraform/world.ts";
import type { StickyComment, WorkflowRun } from "../../../../src/github/repository-api.ts";
import { UserError } from "../../../../src/kit/user-error.ts";

/** GitHub as far as the action asks it: runs by attempt, and one comment for each marker. */
export interface FakeGitHub {
  readonly api: GitHubWorld;
  /** `<repository>/<run id>/<attempt>`. */
  readonly runs: Map<string, WorkflowRun>;
  /** The comments that stand there, by marker. */
  readonly comments: Map<string, string>;
  readonly writes: StickyComment[];
  readonly asked: string[];
  /** Refuses everything, with these words. */
  down: string | undefined;
}

export function createGitHub(pace: () => Promise<void>): FakeGitHub {
  const answer = async (): Promise<void> => {
    await pace();
    if (github.down !== undefined) throw new UserError("github-unreachable", github.down);
  };
  const github: FakeGitHub = {
    runs: new Map(),
    comments: new Map(),
    writes: [],
    asked: [],
    down: undefined,
    api: {
      runs: {
        find: async (repository, runId, attempt) => {
          const name = `${repository}/${runId}/${attempt}`;
          github.asked.push(name);
          await answer();
          return github.runs.get(name);
        },
      },
      comments: {
        write: async (comment) => {
          await answer();
          github.writes.push(comment);
          if (comment.onlyExisting === true && !github.comments.has(comment.marker)) return undefined;
          github.comments.set(comment.marker, comment.body);
          return `https://github.com/${comment.repository}/pull/${comment.issue}#issuecomment-1`;
        },
      },
    },
  };
  return github;
}
