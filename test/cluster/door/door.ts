// Usage: node door.ts <home>
// The one way from the node to emulators, which come and go with tests and listen where the node cannot reach them: on this
// machine's loopback. It has a fixed address, reads which emulators are attached at every request. It is also the cloud that
// gives Services their load balancers.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readLayout } from "../layout.ts";
import { chooseAttachment, isRegistry, listAttachments } from "./attachments.ts";
import { answerCredentials } from "./credentials.ts";
import { answerKeys } from "./keys.ts";
import { balanceLoad } from "./load-balancer.ts";
import { DOOR_PORT, KEYS_PORT } from "./ports.ts";

const [home = ""] = process.argv.slice(2);
const layout = readLayout(home);
const read = (name: string) => readFileSync(join(layout.certificates, name));
/** The registry that was asked last: registries lead to storage, whose host names none of them. */
let lastRegistry = "";

const door = createServer((request, response) => void answer(request, response));
door.on("connect", tunnel);
door.listen(DOOR_PORT, layout.addresses.host);
createSecureServer({ cert: read("door.crt"), key: read("door.key") }, ({ url = "" }, response) => {
  send(response, answerKeys(listAttachments(layout), layout.addresses.host, url));
}).listen(KEYS_PORT, layout.addresses.host);
void balanceLoad(layout);

/** Leads a connection to the proxy of the emulator that answers for its host, which hears the same request. */
function tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
  socket.on("error", () => socket.destroy());
  const target = request.url ?? "";
  const [host = ""] = target.split(":");
  if (isRegistry(host)) lastRegistry = host;
  const proxy = chooseAttachment(listAttachments(layout), isRegistry(host) ? host : lastRegistry)?.proxy;
  if (proxy === undefined) {
    socket.end("HTTP/1.1 502 No emulator is attached for this host\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const { hostname, port } = new URL(proxy.url);
  const far = connect(Number(port), hostname, () => {
    far.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    far.write(head);
    socket.pipe(far).pipe(socket);
  });
  far.on("error", () => socket.destroy());
  far.on("close", () => socket.destroy());
  socket.on("close", () => far.destroy());
}

/** The kubelet's plugin asks here. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST" || request.url !== "/credentials") {
    send(response, { status: 404, body: { error: "The door knows CONNECT and POST /credentials" } });
    return;
  }
  try {
    send(response, await answerCredentials(listAttachments(layout), await text(request)));
  } catch (error) {
    send(response, { status: 502, body: { error: error instanceof Error ? error.message : `${error}` } });
  }
}

function send(response: ServerResponse, { status, body }: { readonly status: number; readonly body: object }): void {
  if (status >= 400) console.error(new Date().toISOString(), status, JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
