import { chmod, copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { needTools } from "./need-tools.ts";

export interface BusyboxContextOptions {
  /** The context's folder is made in this one. */
  readonly scratch: string;
  /** What follows `FROM scratch` and `COPY busybox`; a shell for RUN where left out. */
  readonly lines?: readonly string[];
  /** More files, by their path in the context. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes /bin/sh and all the rest out of busybox: what RUN in its shell form needs. Only for this machine's platform. */
export const INSTALL_BUSYBOX = 'RUN ["/bin/busybox", "--install", "-s", "/bin"]';

/**
 * A RUN that says `now`, and works for so many seconds from then on. Its shell stays until the end: a process that becomes
 * another program has no command line for a moment, and whoever looks for `sleep <seconds>` would not find it then.
 */
export const sayNowAndSleep = (seconds: number): string => `RUN echo n''ow && sleep ${seconds} && true`;

/** A build context that pulls nothing: a Dockerfile `FROM scratch`, and busybox as a static program. Returns its folder. */
export async function createBusyboxContext(options: BusyboxContextOptions): Promise<string> {
  const { scratch, lines = [INSTALL_BUSYBOX], files = {} } = options;
  const { busybox } = needTools("busybox-static");
  const folder = await mkdtemp(join(scratch, "context-"));
  await copyFile(busybox, join(folder, "busybox"));
  await chmod(join(folder, "busybox"), 0o755);
  await writeFile(
    join(folder, "Dockerfile"),
    `${["FROM scratch", "COPY busybox /bin/busybox", ...lines].join("\n")}\n`,
  );
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
