import { spawn } from "node:child_process";

/** Where programs of the system are, whatever the caller's PATH is. */
export const PATH = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";

export interface RunOptions {
  /** What it reads from stdin. */
  readonly input?: string;
  /** The whole environment; a PATH with the system's programs where left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs a program to its end, without a shell.
 *
 * @returns what it wrote to stdout
 * @throws Error with the command and what it wrote when it fails
 */
export async function run(program: string, parameters: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(program, parameters, { env: options.env ?? { PATH }, stdio: "pipe", cwd: "/" });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  // It may end without having read everything.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const ended = await new Promise<string>((done, failed) => {
    child.on("error", (cause) => failed(new Error(`${program} could not be run: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => done(signal ?? `${code}`));
  });
  if (ended === "0") return texts.stdout;
  throw new Error(
    `${[program, ...parameters].join(" ")} ended with ${ended}: ${`${texts.stdout}${texts.stderr}`.trim()}`,
  );
}
