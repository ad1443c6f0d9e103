import { spawn } from "node:child_process";

/** When a text stood in what `node <args>` prints, in milliseconds since 1970. @throws Error when it ends without it */
export function whenSaid(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  text: string,
): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    let at: number | undefined;
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (output.includes(text)) at ??= Date.now();
    });
    child.on("error", fail);
    child.on("close", () => (at === undefined ? fail(new Error(`"${text}" was not said:\n${output}`)) : done(at)));
  });
}
