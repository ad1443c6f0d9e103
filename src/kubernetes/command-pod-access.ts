import { UserError } from "../kit/user-error.ts";
import { readRefusal } from "./ask.ts";
import type { CommandAnswer } from "./command-answers.ts";
import type { AskByCommand } from "./command-queue.ts";
import { askHttp } from "./command-transport.ts";
import { timedOut } from "./connection-error.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { segment } from "./object-path.ts";
import type { ExecOutcome, PodAccess, PodRef } from "./pod-access.ts";

/** Bodies are kept up to here. */
const MOST_BYTES = 1024 * 1024;
const LIMIT_MS = 60_000;

/** Ways into pods by commands that Azure runs in the cluster. There is none for a connection that stays. */
export function createCommandPodAccess(ask: AskByCommand, mask: (secret: string) => void): PodAccess {
  return {
    exec: async (pod, { container, command, timeoutMs, until }) => {
      const target = [`--namespace=${pod.namespace}`, `--container=${container}`, `pod/${segment(pod.name)}`];
      const parameters = ["exec", "--quiet", ...target, "--", ...command];
      const answer = await ask({ kind: "kubectl", parameters, limitMs: timeoutMs }, until);
      if (answer.exitCode === 124 && !isCommandsOwn(answer)) throw timedOut(`not over within ${timeoutMs / 1000} s`);
      return readExec(answer);
    },
    forward: async (pod, port) => {
      throw new UserError(
        "route-needs-direct-cluster",
        `Port ${port} of the pod ${pod.namespace}/${pod.name} cannot be forwarded: the cluster is asked by commands that Azure runs in it (MAYFLY_AKS_ROUTE=run-command), and none of them is a connection that stays.\nTo do: run the job on a runner that reaches the API server (aks-set-context with route: direct), or choose the route in-cluster or proxy.`,
      );
    },
    proxy: async ({ resource, target, port, scheme, timeoutMs, until, path, ...request }) => {
      const place = `${scheme === "https" ? "https:" : ""}${target.name}:${port}`;
      const base = `/api/v1/namespaces/${segment(target.namespace)}/${resource}/${segment(place)}/proxy`;
      const order = { kind: "http", ...request, path: `${base}${path}`, limitMs: timeoutMs } as const;
      const { status, headers, body } = await askHttp(ask, order, until);
      const text = body.subarray(0, MOST_BYTES).toString();
      refuseServersOwn(status, headers, text);
      return { status, headers, body: text };
    },
    createToken: async (account, audience) => {
      const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences: [audience] } };
      const answer = await askHttp(ask, {
        kind: "http",
        method: "POST",
        path: `/api/v1/namespaces/${segment(account.namespace)}/serviceaccounts/${segment(account.name)}/token`,
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify(body),
        limitMs: LIMIT_MS,
      });
      const text = answer.body.toString();
      if (answer.status >= 400) throw readRefusal(answer.status, text);
      const { token } = (JSON.parse(text) as { readonly status?: { readonly token?: string } }).status ?? {};
      if (token === undefined || token === "") throw sayNoToken(account);
      mask(token);
      return token;
    },
  };
}

/** kubectl's own last line, behind whatever the program has said. */
const ENDED = /(?:^|\n)command terminated with exit code (\d+)\s*$/;

function isCommandsOwn({ err, exitCode }: CommandAnswer): boolean {
  return Number(ENDED.exec(err)?.[1]) === exitCode;
}

/** What a program has come to; a refusal where it never ran. */
function readExec(answer: CommandAnswer): ExecOutcome {
  const { exitCode, out, err } = answer;
  const stdout = out.subarray(0, MOST_BYTES).toString();
  if (exitCode === 0) return { exitCode, stdout, stderr: err };
  if (isCommandsOwn(answer))
    return { exitCode, stdout, stderr: err.replace(ENDED, (line) => line.slice(0, line.startsWith("\n") ? 1 : 0)) };
  throw readKubectlRefusal(err);
}

const STATUSES: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  Conflict: 409,
  InternalError: 500,
  ServiceUnavailable: 503,
};

/** `Error from server (NotFound): pods "x" not found`, or `error: …` for what has no reason. */
function readKubectlRefusal(err: string): KubeRefusal {
  const line =
    err
      .trim()
      .split("\n")
      .findLast((each) => /^error/i.test(each)) ?? err.trim();
  const [, reason = "", message] = /^Error from server(?: \((\w+)\))?: (.*)$/.exec(line) ?? [];
  return new KubeRefusal(STATUSES[reason] ?? 500, reason, message ?? line.replace(/^error: /i, "").slice(0, 1_000));
}

/** The API server's own word stands in a `Status`; anything else is the word of what was asked through it. */
function refuseServersOwn(status: number, headers: Readonly<Record<string, string>>, text: string): void {
  if (status < 400 || !/^application\/json\b/.test(headers["content-type"] ?? "")) return;
  const refusal = readRefusal(status, text);
  if (/"kind":\s*"Status"/.test(text) && /"apiVersion":\s*"v1"/.test(text)) throw refusal;
}

function sayNoToken({ namespace, name }: PodRef): KubeRefusal {
  return new KubeRefusal(502, "", `the answer for a token of ${namespace}/${name} holds none`);
}
