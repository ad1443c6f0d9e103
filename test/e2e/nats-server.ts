import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needTools } from "../image-tools/need-tools.ts";

/** A real server of NATS on this machine. */
export interface RealNats {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts one at a port that is free.
 *
 * @param configuration in the server's own words; JetStream's store and the port are put before it
 */
export async function startNats(configuration: string): Promise<RealNats> {
  const { "nats-server": program } = needTools("nats");
  const folder = await mkdtemp(join(tmpdir(), "mayfly-nats-"));
  const file = join(folder, "nats.conf");
  await writeFile(file, `listen: "127.0.0.1:-1"\n${configuration.replaceAll("$STORE", join(folder, "store"))}\n`);
  const child = spawn(program, ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, found] = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (found !== undefined && said.includes("Server is ready")) resolve(Number(found));
    });
    child.once("exit", (code) => reject(new Error(`nats-server ended with ${code}: ${said}`)));
  });
  return {
    host: "127.0.0.1",
    port,
    stop: async () => {
      const ended = once(child, "exit");
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await ended;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
