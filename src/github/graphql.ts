import { GitHubRefusal, GitHubSilence } from "./refusal.ts";
import type { Session } from "./session.ts";

/** Asks GraphQL. What it refuses is thrown as REST's refusals are; what is gone meanwhile is null in the answer. */
export async function askGraphql<T>(
  { octokit }: Session,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<T> {
  const { graphql } = await octokit();
  const data = await graphql<T | undefined>(query, variables).catch((error: unknown) => readGraphqlFailure<T>(error));
  if (data === undefined) throw new GitHubSilence("POST /graphql: what answered is not GitHub's API");
  return data;
}

/** What is left of an answer with errors: a comment that is gone meanwhile is as good as hidden. */
function readGraphqlFailure<T>(error: unknown): T {
  const { errors, data, headers } = error as {
    errors?: readonly { type?: string; message: string }[];
    data?: T;
    headers?: Readonly<Record<string, string>>;
  };
  const first = errors?.find(({ type }) => type !== "NOT_FOUND");
  if (errors === undefined || error instanceof GitHubRefusal) throw error;
  if (first === undefined && data !== undefined) return data;
  // REST would say 403 of what GraphQL forbids.
  const status = first?.type === "FORBIDDEN" ? 403 : 200;
  throw new GitHubRefusal("POST /graphql", { status, headers: headers ?? {}, words: first?.message ?? "no data" });
}
