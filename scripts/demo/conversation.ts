import type { RecordedRequest } from "../../test/azure/traffic.ts";
import { GITHUB_API_HOST } from "../../test/github/github-api.ts";
import type { Post } from "./posts.ts";
import type { JobRecord } from "./run-record.ts";

/** A comment as it was sent to GitHub. */
export interface CommentRecord {
  /** The job that was running. */
  readonly job: string;
  readonly what: "commented" | "edited";
  readonly body: string;
}

/** What a run said on a pull request. */
export interface Conversation {
  readonly pull: number;
  readonly title: string;
  /** In the order in which they were sent. */
  readonly comments: readonly CommentRecord[];
  /** Of the pull request afterwards; not told where left out. */
  readonly state?: "open" | "closed" | "merged";
  /** What a person wrote, and so started the run. */
  readonly asked?: { readonly author: string; readonly body: string };
  /** What it had GitHub show besides comments, in the order in which it was sent; nothing where left out. */
  readonly posts?: readonly Post[];
}

const PATH = /^\/repos\/[^/]+\/[^/]+\/issues\/(?:\d+\/comments|comments\/\d+)$/;

/** The comments that jobs, which ran one after the other, have written and GitHub has taken. */
export function listComments(
  requests: readonly RecordedRequest[],
  jobs: readonly Pick<JobRecord, "name" | "startedAt">[],
): readonly CommentRecord[] {
  return requests
    .filter(({ host, path, method, status }) => {
      return host === GITHUB_API_HOST && PATH.test(path) && /^(?:POST|PATCH)$/.test(method) && status < 300;
    })
    .map(({ at, method, body }) => ({
      job: jobs.findLast(({ startedAt }) => startedAt <= at)?.name ?? "",
      what: method === "POST" ? "commented" : "edited",
      body: (JSON.parse(body) as { readonly body: string }).body,
    }));
}
