import { describeConnectionFault, isPassingFault } from "../oidc/connection-fault.ts";
import { type RefusingAnswer, readPause } from "./answer.ts";
import { GitHubRefusal, GitHubSilence } from "./refusal.ts";

/** What octokit throws when GitHub refuses, and when nobody answers. */
interface OctokitError extends Error {
  readonly response?: {
    readonly status: number;
    readonly headers: RefusingAnswer["headers"];
    readonly data: unknown;
  };
}

/** An error of octokit's as one of ours, and whether another try may go better. Nothing of the request is kept but its name. */
export function readFailure(
  name: string,
  error: unknown,
  now: Date,
): { readonly because: unknown; readonly passing: boolean } {
  if (!(error instanceof Error)) return { because: error, passing: false };
  const { response } = error as OctokitError;
  if (response !== undefined) {
    const answer = { status: response.status, headers: response.headers, words: readWords(response.data) };
    return {
      because: new GitHubRefusal(name, answer, readPause(answer, now)),
      passing: answer.status >= 500 || answer.status === 408,
    };
  }
  if (!("status" in error)) return { because: error, passing: false };
  const because = new GitHubSilence(`${name}: ${describeConnectionFault(error)}`);
  return { because, passing: isPassingFault(error) };
}

/** GitHub's words: `message` and the messages of `errors`; of a page that is not GitHub's, the beginning. */
function readWords(data: unknown): string {
  if (typeof data !== "object" || data === null) return `${data ?? ""}`.slice(0, 200).trim() || "an empty answer";
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const more = Array.isArray(errors) ? errors.map((each) => (each as { message?: unknown } | null)?.message ?? "") : [];
  const words = [message, ...more].filter((each) => typeof each === "string" && each !== "");
  return words.join(": ").slice(0, 1_000) || "no message";
}
