import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { UserError } from "../kit/user-error.ts";
import { type CommandAnswer, type HttpAnswer, parseHttp } from "./command-answers.ts";
import type { HttpOrder } from "./command-order.ts";
import type { AskByCommand } from "./command-queue.ts";
import { timedOut } from "./connection-error.ts";
import type { Transport } from "./transport.ts";

/** For the API server's own answers. */
const LIMIT_MS = 60_000;
const TIMED_OUT: ReadonlySet<number> = new Set([28, 124]);

/** Carries requests to the API server by commands. A watch is refused, so that whoever follows lists instead. */
export function createCommandTransport(ask: AskByCommand): Transport {
  return async ({ method, path, headers, body, signal }) => {
    if (/[?&]watch=true(?:&|$)/.test(path)) return toMessage({ status: 405, headers: {}, body: Buffer.from(NO_WATCH) });
    const order = { kind: "http", method, path, body, headers: { accept: "application/json", ...headers } } as const;
    return toMessage(await askHttp(ask, { ...order, limitMs: LIMIT_MS }, signal));
  };
}

const NO_WATCH =
  '{"kind":"Status","code":405,"reason":"MethodNotAllowed","message":"commands that Azure runs cannot watch"}';

/** Any answer of HTTP. @throws UserError `run-command-failed` when none came, and those of the command */
export async function askHttp(ask: AskByCommand, order: HttpOrder, until?: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask(order, until);
  if (TIMED_OUT.has(answer.exitCode)) throw timedOut(`no whole answer within ${order.limitMs / 1000} s`);
  const read = answer.exitCode === 0 ? parseHttp(answer.out) : undefined;
  if (read === undefined) throw sayNoAnswer(order, answer);
  return read;
}

function toMessage({ status, headers, body }: HttpAnswer): IncomingMessage {
  const message = Object.assign(new IncomingMessage(new Socket()), { statusCode: status, headers });
  message.push(body);
  message.push(null);
  return message;
}

function sayNoAnswer({ method, path }: HttpOrder, { exitCode, err }: CommandAnswer): UserError {
  const said = err.trim().split("\n").slice(-3).join(" ").slice(0, 300) || `exit code ${exitCode}`;
  return new UserError(
    "run-command-failed",
    `In the cluster, ${method} ${path.split("?", 1)[0]} got no whole answer from the API server: ${said}.`,
  );
}
