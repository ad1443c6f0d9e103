import { createServer, type Socket } from "node:net";
import { harmless } from "../kit/harmless.ts";
import { type Credential, type FindCredential, parseServerHost } from "./credential.ts";

/** What docker must read to go on without a credential; any other text is an error to it. */
const NOT_FOUND = "credentials not found in native keychain";
/** No server's address is longer. */
const LONGEST_REQUEST = 16_384;
/** As long as a new sign-in with all its retries may take. */
const ANSWER_MS = 120_000;

/** One line to the helper: what it prints for docker, and whether it ends with 0. */
export interface Answer {
  readonly exitCode: 0 | 1;
  readonly text: string;
}

export interface CredentialService {
  /** Nobody is answered any more. */
  close(): Promise<void>;
}

interface ServiceOptions {
  readonly socketPath: string;
  readonly find: FindCredential;
  /** Told why a credential could not be had: docker shows only one line of it. */
  readonly onFault: (host: string, error: unknown) => void;
}

/**
 * Gives credentials to the helper on a unix socket, which must stand in a folder that is closed to other users. It
 * does not keep the process alive by itself.
 */
export async function serveCredentials(options: ServiceOptions): Promise<CredentialService> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    // A helper that was killed is nobody to answer.
    socket.on("error", () => socket.destroy());
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    answerOne(socket, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.socketPath, resolve);
  });
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Reads one line, the server's name as JSON, and answers with one. */
function answerOne(socket: Socket, options: ServiceOptions): void {
  let request = "";
  const listen = (part: string): void => {
    request += part;
    const end = request.indexOf("\n");
    if (end < 0 && request.length <= LONGEST_REQUEST) return;
    socket.off("data", listen);
    void answer(end < 0 ? undefined : readServer(request.slice(0, end)), options).then((text) =>
      socket.end(`${JSON.stringify(text)}\n`),
    );
  };
  socket.setEncoding("utf8").on("data", listen);
}

function readServer(line: string): string | undefined {
  try {
    const server: unknown = JSON.parse(line);
    return typeof server === "string" ? server : undefined;
  } catch {
    return undefined;
  }
}

async function answer(server: string | undefined, { find, onFault }: ServiceOptions): Promise<Answer> {
  const host = server === undefined ? undefined : parseServerHost(server);
  if (server === undefined || host === undefined) return { exitCode: 1, text: NOT_FOUND };
  try {
    const credential = await find(host);
    if (credential === undefined) return { exitCode: 1, text: NOT_FOUND };
    return { exitCode: 0, text: renderCredential(server, credential) };
  } catch (error) {
    onFault(host, error);
    const because = error instanceof Error ? error.message : String(error);
    return { exitCode: 1, text: `Mayfly has no credential for ${host}: ${harmless(because).split("\n")[0]}` };
  }
}

/** As docker reads it (https://github.com/docker/docker-credential-helpers/blob/master/credentials/credentials.go). */
function renderCredential(server: string, { username, secret }: Credential): string {
  return JSON.stringify({ ServerURL: server, Username: username, Secret: secret });
}
