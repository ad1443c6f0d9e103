import { UserError } from "../kit/user-error.ts";
import { MOST_BYTES } from "./capped-text.ts";
import type { CommandAnswer } from "./command-answers.ts";
import type { AskByCommand } from "./command-queue.ts";
import { askHttp } from "./command-transport.ts";
import { codeOf } from "./connection-error.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { segment } from "./object-path.ts";
import { readOwnRefusal } from "./own-refusal.ts";
import type { ExecOutcome, PodAccess } from "./pod-access.ts";
import { readHeaders, renderHeaders } from "./proxy.ts";
import { proxyBase, proxyPath } from "./proxy-path.ts";

/** Ways into pods by commands that Azure runs in the cluster. There is none for a connection that stays. */
export function createCommandPodAccess(ask: AskByCommand): Omit<PodAccess, "createToken"> {
  return {
    exec: async (pod, { container, command, timeoutMs, until }) => {
      const target = [`--namespace=${pod.namespace}`, `--container=${container}`, `pod/${segment(pod.name)}`];
      const parameters = ["exec", "--quiet", ...target, "--", ...command];
      const answer = await ask({ kind: "kubectl", parameters, limitMs: timeoutMs }, until);
      if (answer.exitCode === 124 && !isCommandsOwn(answer)) {
        throw late(`"${command[0] ?? ""}" in container "${container}" of pod "${pod.name}" did not end`, timeoutMs);
      }
      return readExec(answer);
    },
    forward: async (pod, port) => {
      throw new UserError(
        "route-needs-direct-cluster",
        `Port ${port} of the pod ${pod.namespace}/${pod.name} cannot be forwarded: the cluster is asked by commands that Azure runs in it (MAYFLY_AKS_ROUTE=run-command), and none of them is a connection that stays.\nTo do: run the job on a runner that reaches the API server (aks-set-context with route: direct), or choose the route in-cluster or proxy.`,
      );
    },
    proxy: async (request) => {
      const { method, body, timeoutMs, until, target, port } = request;
      const headers = readHeaders(request.headers);
      const base = proxyBase(request);
      const path = `${base}${proxyPath(request.path)}`;
      const order = { kind: "http", method, path, headers, body, limitMs: timeoutMs } as const;
      const answer = await askHttp(ask, order, until).catch((error: unknown) => {
        if (codeOf(error) !== "ETIMEDOUT") throw error;
        throw late(`no whole answer of ${target.name}:${port} came`, timeoutMs);
      });
      const text = answer.body.subarray(0, MOST_BYTES).toString();
      const refusal = readOwnRefusal({ statusCode: answer.status, headers: answer.headers }, text, request);
      if (refusal !== undefined) throw refusal;
      const cut = answer.body.length > MOST_BYTES ? { cut: true } : {};
      return { status: answer.status, headers: renderHeaders(answer.headers, base), body: text, ...cut };
    },
  };
}

function late(what: string, timeoutMs: number): KubeRefusal {
  return new KubeRefusal(504, "Timeout", `${what} within ${timeoutMs / 1000} s`);
}

/** kubectl's own last line, behind whatever the program has said. */
const ENDED = /(?:^|\n)command terminated with exit code (\d+)\s*$/;

function isCommandsOwn({ err, exitCode }: CommandAnswer): boolean {
  return Number(ENDED.exec(err)?.[1]) === exitCode;
}

/** Of stderr: see the script. */
const MOST_STDERR_BYTES = 64 * 1024;

/** What a program has come to; a refusal where it never ran. */
function readExec(answer: CommandAnswer): ExecOutcome {
  const { exitCode, out, err } = answer;
  if (exitCode !== 0 && !isCommandsOwn(answer)) throw readKubectlRefusal(err);
  const cut = out.length > MOST_BYTES || Buffer.byteLength(err) > MOST_STDERR_BYTES ? { cut: true } : {};
  const stderr = err.replace(ENDED, (line) => (line.startsWith("\n") ? "\n" : ""));
  return { exitCode, stdout: out.subarray(0, MOST_BYTES).toString(), stderr: exitCode === 0 ? err : stderr, ...cut };
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
