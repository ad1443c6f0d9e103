import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { type Asking, ONCE, open, type Question } from "./ask.ts";
import { connectionError } from "./connection-error.ts";
import { KubeRefusal } from "./kube-refusal.ts";
import { renderHeaders, type Transport } from "./transport.ts";

/** The kubelet sends 32 KiB at a time. */
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * A websocket of the API server's, with the login, proxy and certificates of every other request. It is paused, so that
 * nothing is lost until somebody listens.
 *
 * @param protocols the ones that are understood, the best first
 * @throws as `open` does; KubeRefusal 502 where something in between knows no websockets
 */
export async function openSocket(
  asking: Asking,
  question: Pick<Question, "path" | "query" | "looks" | "until">,
  protocols: readonly string[],
): Promise<WebSocket> {
  const { WebSocket: Socket } = await import("ws");
  const { server } = asking.kubeconfig.cluster;
  let opened: WebSocket | undefined;
  const transport: Transport = ({ path, signal }, credentials) =>
    new Promise((resolve, reject) => {
      const socket = new Socket(`${server.protocol.replace("http", "ws")}//${server.host}${path}`, [...protocols], {
        agent: asking.connections.singleAgentFor(credentials),
        headers: renderHeaders(credentials),
        maxPayload: MOST_MESSAGE_BYTES,
        perMessageDeflate: false,
        finishRequest: (request) => {
          asking.connections.limitConnecting(request, credentials);
          request.end();
        },
      });
      const giveUp = (): void => socket.terminate();
      let head: IncomingMessage | undefined;
      socket.once("upgrade", (response) => {
        head = response;
      });
      socket.once("open", () => {
        signal.removeEventListener("abort", giveUp);
        socket.pause();
        opened = socket;
        if (head !== undefined) resolve(head);
      });
      socket.once("unexpected-response", (_, response) => resolve(response));
      // Stays: an error that nobody listens to would end the process.
      socket.on("error", (error) => reject(connectionError(error)));
      if (signal.aborted) giveUp();
      else signal.addEventListener("abort", giveUp, { once: true });
    });
  const response = await open({ ...asking, transport }, { ...question, method: "GET", policy: ONCE });
  if (opened !== undefined) return opened;
  response.destroy();
  throw new KubeRefusal(
    502,
    "",
    `HTTP ${response.statusCode} came where a websocket was asked for: something between here and ${server.host} does not let websockets through`,
  );
}
