import type { Reaction } from "../../github/preview-api.ts";
import type { RepositoryRole } from "../../github/repository-api.ts";
import { pick, pickCount, pickText } from "../../image/payload.ts";
import { listClauses } from "../../kit/error-chain.ts";
import { UserError } from "../../kit/user-error.ts";
import { type Order, parseCommand } from "../../preview/command.ts";
import { environmentOf } from "../../preview/pull-request.ts";
import { answerComment } from "./answer-comment.ts";
import { findPull } from "./look.ts";
import type { Command, Outcome } from "./run.ts";
import type { World } from "./world.ts";

/** Who may command: those who could push as well. The author of a pull request alone is nobody here. */
const MAY_COMMAND: ReadonlySet<RepositoryRole> = new Set<RepositoryRole>(["admin", "maintain", "write"]);

/** A new comment on a pull request. */
interface Asked {
  readonly number: number;
  readonly commentId: number;
  readonly body: string;
  readonly login: string;
}

/** Reads what a comment asks for, and answers it with a reaction. What is no command of ours stays unanswered. */
export const readCommand: Command = async (_inputs, world) => {
  const job = await world.readJob();
  const asked = readAsked(job.environment["GITHUB_EVENT_NAME"], await world.readEvent());
  if (asked === undefined) return nothing("The comment is on no pull request, or not new.");
  const parsed = parseCommand(asked.body);
  if (parsed.kind === "none") return nothing("The comment's first line is no command.");
  const role = await world.github.roles.find(job.repository, asked.login);
  if (!MAY_COMMAND.has(role)) {
    const because = `Commands are for people with write access to ${job.repository}; ${asked.login} has "${role}".`;
    return refuse(asked, because, job.repository, world, "silently");
  }
  if (parsed.kind === "unclear") return refuse(asked, `${parsed.because}. Nothing was done.`, job.repository, world);
  const pull = await findPull(asked.number, job, world);
  await react(asked, "eyes", job.repository, world);
  const reason = `${asked.login} asks for it.`;
  world.log.info(`#${asked.number}: ${parsed.order.kind}. ${reason}`);
  return {
    outputs: {
      ...describe(parsed.order),
      reason,
      "pull-request": pull.number,
      environment: environmentOf(pull.number),
      "head-sha": pull.headSha,
    },
  };
};

/**
 * @throws UserError `event-not-a-comment` for another event: a workflow that calls this on pushes would never hear of a
 *   command
 */
function readAsked(name: string | undefined, event: unknown): Asked | undefined {
  if (name !== "issue_comment") {
    const text = `read-command reads comments, and this run is of the event "${name ?? ""}".\nTo do: call it in a workflow with on: issue_comment: types: [created].`;
    throw new UserError("event-not-a-comment", text);
  }
  const number = pickCount(event, "issue", "number");
  const commentId = pickCount(event, "comment", "id");
  const body = pickText(event, "comment", "body");
  const login = pickText(event, "comment", "user", "login");
  const onPullRequest = pick(event, "issue", "pull_request") !== undefined;
  // An edit could turn a comment that was answered into another command.
  if (pickText(event, "action") !== "created" || !onPullRequest) return undefined;
  if (number === undefined || commentId === undefined || body === undefined || login === undefined) return undefined;
  return { number, commentId, body, login };
}

function describe(order: Order): Pick<Outcome["outputs"], "order" | "approved-sha" | "span"> {
  switch (order.kind) {
    case "deploy":
      return { order: "deploy", "approved-sha": order.sha ?? "" };
    case "extend":
      return { order: "extend", span: order.span };
    case "destroy":
      return { order: "destroy" };
  }
}

function nothing(reason: string): Outcome {
  return { outputs: { order: "none", reason } };
}

/** Whoever may not command gets a reaction, and the comment that others read is left alone. */
async function refuse(
  asked: Asked,
  because: string,
  repository: string,
  world: World,
  how?: "silently",
): Promise<Outcome> {
  await react(asked, "confused", repository, world);
  world.log.notice(`#${asked.number}: ${because}`);
  if (how !== "silently") await answerComment(asked.number, because, world);
  return { outputs: { order: "none", reason: because, "pull-request": asked.number } };
}

/** A reaction that fails stops no command. */
async function react({ commentId }: Asked, reaction: Reaction, repository: string, world: World): Promise<void> {
  try {
    await world.github.reactions.add(repository, commentId, reaction);
  } catch (error) {
    world.log.notice(`The comment could not be answered: ${listClauses(error).join(": ")}`);
  }
}
