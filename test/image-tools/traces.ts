import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";

/** What running image tools have on this machine, noted to be looked for when they are over. */
export interface Traces {
  /** What was there when it was noted, as lines for people. */
  readonly noted: readonly string[];
  /** What is still there, as lines for people. */
  left(): readonly string[];
}

/** Notes what the tools of a scratch folder have now: processes, containers, mounts, bridges, cgroups. Linux only. */
export function noteTraces(scratch: string): Traces {
  const folders = listFolders(scratch);
  const bridges = listBridges(scratch);
  const family = listFamily(scratch);
  const left = () => [
    ...listProcesses()
      .filter((process) => process.command.includes(scratch) || family.has(process.identity))
      .map(({ identity, command }) => `process ${identity}: ${command}`),
    ...readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes(scratch))
      .map((line) => `mount: ${line}`),
    ...bridges.filter((name) => existsSync(`/sys/class/net/${name}`)).map((name) => `bridge: ${name}`),
    ...listFolders(scratch).map((name) => `folder: ${name}`),
    ...folders.flatMap((name) => globSync(`/sys/fs/cgroup/{*/,}${name}*`)).map((group) => `cgroup: ${group}`),
  ];
  return { noted: left(), left };
}

/** The bridges that engines of this folder were told to use. */
function listBridges(scratch: string): readonly string[] {
  const commands = listProcesses().flatMap(({ command }) => (command.includes(scratch) ? [command] : []));
  return [...new Set(commands.flatMap((command) => /--bridge (\S+)/.exec(command)?.[1] ?? []))];
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** A pid may be given again: with the time of its start it is the process's own. */
  readonly identity: string;
  readonly command: string;
}

function listFolders(scratch: string): readonly string[] {
  return existsSync(scratch) ? readdirSync(scratch).filter((name) => name.startsWith("mayfly-")) : [];
}

/** Who names the folder, and their children: those in containers name nothing of ours. */
function listFamily(scratch: string): ReadonlySet<string> {
  const all = listProcesses();
  const family = new Map(all.flatMap((one) => (one.command.includes(scratch) ? [[one.pid, one.identity]] : [])));
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent, identity } of all) if (family.has(parent)) family.set(pid, identity);
  }
  return new Set(family.values());
}

function listProcesses(): readonly Process[] {
  const pids = readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      // After the name, which may hold anything, come the state, the parent, and as the 20th the time of the start.
      const [, parent, ...rest] = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      // A process that is over and not yet collected has no words left.
      return command === "" ? [] : [{ pid, parent: Number(parent), identity: `${pid}@${rest[17]}`, command }];
    } catch {
      // Gone in between.
      return [];
    }
  });
}
