import type { WebSocket } from "ws";
import type { Asking } from "./ask.ts";
import { type CappedText, createCappedText, MOST_BYTES } from "./capped-text.ts";
import { listen } from "./channels.ts";
import { withDeadline } from "./deadline.ts";
import { explainUnreachable } from "./explain-unreachable.ts";
import { segment } from "./object-path.ts";
import { openSocket } from "./open-socket.ts";
import type { ExecOrder, ExecOutcome, PodRef } from "./pod-access.ts";
import { readExitCode } from "./read-exit-code.ts";

/**
 * The fifth differs from the fourth in how input ends, which is not sent here; a server before 1.30 knows only that.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go
 */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
/** How long the end of the connection is waited for once the program's end was told. */
const CLOSE_MS = 1_000;
/** A `Status` with the words of the container runtime in it, twice. */
const MOST_STATUS_BYTES = 64 * 1024;

/**
 * Runs a program in a container that runs. When its time is up it is no longer listened to; Kubernetes has no way to end
 * it, so that it may run on.
 *
 * @throws KubeRefusal in the API server's or the kubelet's words: no such pod or container, one that does not run, no such
 *   program, a missing right; 504 `Timeout`
 * @throws UserError `cluster-unreachable`, also when the connection is cut before the end; `cluster-login-failed`, `cancelled`
 */
export async function exec(asking: Asking, pod: PodRef, order: ExecOrder): Promise<ExecOutcome> {
  const { container, command } = order;
  // Its arguments may hold secrets.
  const late = `"${command[0] ?? ""}" in container "${container}" of pod "${pod.name}" did not end`;
  return withDeadline(asking, order, late, async (until) => {
    const began = asking.now().getTime();
    const question = {
      path: `/api/v1/namespaces/${segment(pod.namespace)}/pods/${segment(pod.name)}/exec`,
      query: { container, stdout: true, stderr: true, command },
      looks: false,
      until,
    };
    const told = await readOutcome(await openSocket(asking, question, PROTOCOLS), until);
    if (!("fault" in told)) return told;
    const seconds = Math.round((asking.now().getTime() - began) / 1000);
    throw explainUnreachable({ ...asking, proxy: undefined, tries: 1, seconds, looks: false }, told.fault);
  });
}

async function readOutcome(socket: WebSocket, until: AbortSignal): Promise<ExecOutcome | { readonly fault: Error }> {
  const stdout = createCappedText(MOST_BYTES);
  const stderr = createCappedText(MOST_BYTES);
  const status = createCappedText(MOST_STATUS_BYTES);
  const texts = new Map<number, CappedText>([
    [STDOUT, stdout],
    [STDERR, stderr],
    [ERROR, status],
  ]);
  const giveUp = (): void => socket.terminate();
  until.addEventListener("abort", giveUp, { once: true });
  if (until.aborted) giveUp();
  const fault = await new Promise<Error | undefined>((onEnd) => {
    listen(socket, {
      onBytes: (channel, bytes) => {
        texts.get(channel)?.add(bytes);
        // Channels are opened with a message that is empty.
        if (channel === ERROR && bytes.length > 0) setTimeout(giveUp, CLOSE_MS).unref();
      },
      onEnd,
    });
  });
  until.removeEventListener("abort", giveUp);
  until.throwIfAborted();
  const said = status.read();
  if (said === "") return { fault: fault ?? new Error("the connection ended before the program did") };
  const cut = stdout.cut || stderr.cut;
  return { exitCode: readExitCode(said), stdout: stdout.read(), stderr: stderr.read(), ...(cut ? { cut } : {}) };
}
