import { constants } from "node:fs";
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The name under which a docker configuration refers to the helper. */
export const HELPER = "mayfly";
/** The variable that tells the helper which node to run: no path is ever written into a shell's text. */
export const HELPER_NODE = "MAYFLY_NODE";

/**
 * What docker runs. Only `get` has something to do; storing and erasing is accepted, since docker does so after a
 * login and after a refusal. The variables that change how node starts are the job's, not ours.
 */
const SCRIPT = `#!/bin/sh
case "$1" in
  get) unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_PATH NODE_V8_COVERAGE NODE_DEBUG
    exec "$${HELPER_NODE}" "\${0%/*}/ask.cjs" ;;
  store | erase) exit 0 ;;
  list) echo '{}' ;;
  version) echo 'docker-credential-${HELPER} (Mayfly) 1' ;;
  *) echo 'Usage: docker-credential-${HELPER} get|store|erase|list|version'; exit 1 ;;
esac
`;

/** Hands the server's name on as it came, as JSON in one line, and prints the answer. */
const PROGRAM = `"use strict";
const end = (text, code) => process.stdout.write(text + "\\n", () => process.exit(code));
let server = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => {
  if (server.length < 65536) server += part;
});
process.stdin.on("end", () => {
  let answer = "";
  const socket = require("node:net").connect(require("node:path").join(__dirname, "socket"));
  socket.setEncoding("utf8");
  socket.on("connect", () => socket.write(JSON.stringify(server.trim()) + "\\n"));
  socket.on("data", (part) => { answer += part; });
  socket.on("error", (error) => end("The action that gives out Mayfly's credentials has ended (" + error.code + ").", 1));
  socket.on("end", () => {
    let parsed;
    try { parsed = JSON.parse(answer); } catch { return end("Mayfly's credentials were not answered in time.", 1); }
    end(parsed.text, parsed.exitCode);
  });
});
`;

/** An address of a unix socket holds 108 bytes, its end included; on macOS 104. */
const LONGEST_SOCKET_PATH = 103;

/** Where the helper in a folder is answered. */
export function socketPathOf(folder: string): string {
  return join(folder, "socket");
}

/**
 * Puts `docker-credential-mayfly` into a new folder, which then goes first on PATH. Returns false where it could not
 * work: on Windows, where the path is too long for a socket, and where the folder's disk is mounted `noexec`.
 */
export async function installHelper(folder: string, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === "win32" || Buffer.byteLength(socketPathOf(folder)) > LONGEST_SOCKET_PATH) return false;
  const script = join(folder, `docker-credential-${HELPER}`);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, "ask.cjs"), PROGRAM, { flag: "wx", mode: 0o600 });
  await writeFile(script, SCRIPT, { flag: "wx", mode: 0o700 });
  return access(script, constants.X_OK).then(
    () => true,
    () => false,
  );
}
