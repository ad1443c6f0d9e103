import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunCommand } from "../../src/kubernetes/command-queue.ts";
import { connectCommandCluster } from "../../src/kubernetes/connect-command-cluster.ts";
import { runShell } from "../azure/aks/run-shell.ts";
import { readZip } from "../azure/aks/unzip.ts";
import { ADMIN_TOKEN } from "../kubernetes/api-server.ts";
import type { Bed } from "./on-stand-in.ts";

/**
 * A kubectl of two words: `proxy`, which leads to the stand-in, and `exec`, which says what it was called with and ends as
 * the program in the pod would. The real one is in the end-to-end tests.
 */
const PROGRAM = `
const [word, ...rest] = process.argv.slice(2);
if (word === "proxy") {
  const { createServer } = await import("node:http");
  const { request } = await import("node:https");
  const server = createServer((asked, answer) => {
    const { host, ...headers } = asked.headers;
    const options = { method: asked.method, path: asked.url, headers: { ...headers, authorization: "Bearer TOKEN" }, rejectUnauthorized: false };
    const passed = request(new URL("SERVER"), options, (found) => {
      const { "transfer-encoding": _, ...kept } = found.headers;
      answer.writeHead(found.statusCode, kept);
      found.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  server.listen(0, "127.0.0.1", () => console.log("Starting to serve on 127.0.0.1:" + server.address().port));
} else {
  const [program, ...values] = rest.slice(rest.indexOf("--") + 1);
  const refuse = (line) => { console.error(line); process.exit(1); };
  if (program === "gone") refuse('Error from server (NotFound): pods "gone" not found');
  if (program === "nope") refuse('error: Internal error occurred: exec: "nope": executable file not found in $PATH');
  if (program === "sleep") await new Promise((resolve) => setTimeout(resolve, 60000));
  process.stdout.write(JSON.stringify(rest));
  if (program === "end") {
    process.stderr.write("of the program\\ncommand terminated with exit code " + values[0] + "\\n");
    process.exit(Number(values[0]));
  }
}
`;

export interface CommandBed {
  /** What Azure was asked to run, without the files. */
  readonly scripts: string[];
  readonly outputs: string[];
  readonly run: RunCommand;
  /** Changes what comes back from Azure. */
  spoil: (output: string) => string;
}

/** Runs commands on this machine as Azure's pod does. @param way what its image has to ask over HTTP */
export function runOnStandIn(bed: Bed, way: "curl" | "bash" | "neither" = "curl"): CommandBed {
  const folder = join(bed.folder, "bin");
  mkdirSync(folder, { recursive: true });
  const program = join(bed.folder, "kubectl.mjs");
  writeFileSync(program, PROGRAM.replace("TOKEN", ADMIN_TOKEN).replace("SERVER", bed.server.url));
  const kubectl = join(folder, "kubectl");
  writeFileSync(kubectl, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(kubectl, 0o755);
  const real = { server: bed.server.url, caPem: "", adminKubeconfig: "", path: folder };
  const made: CommandBed = {
    scripts: [],
    outputs: [],
    spoil: (output) => output,
    run: async (script, files) => {
      made.scripts.push(script);
      // The image's own programs are this machine's: what it is to lack is not looked for.
      const lacking = { curl: [], bash: ["curl"], neither: ["curl", "bash"] }[way];
      const command = lacking.reduce(
        (text, name) => text.replace(`command -v ${name} `, `command -v no-${name} `),
        script,
      );
      const job = { cluster: "c", command, files: readZip(Buffer.from(files ?? [])), token: "t" };
      const { exitCode, logs } = await runShell(real, job);
      made.outputs.push(logs);
      return { exitCode, output: made.spoil(logs), cut: false };
    },
  };
  return made;
}

export function connectByCommand(bed: Bed, { run }: Pick<CommandBed, "run">) {
  return connectCommandCluster(run, {
    kubeconfig: bed.write({ namespace: "default" }),
    context: undefined,
    environment: {},
    cancelled: bed.cancel.signal,
    mask: (secret) => void bed.masked.push(secret),
    now: () => new Date(),
    sleep: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  });
}
