import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process as another one of the same job finds it again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the system's own words; empty where the system does not say (Windows). */
  readonly born: string;
}

interface Sighting {
  readonly born: string;
  /** It has ended, and nobody has asked for its exit code yet: in a container nobody ever may. */
  readonly ended: boolean;
}

/** What a process that was just started is known by. */
export function identify(pid: number): ProcessIdentity {
  return { pid, born: look(pid)?.born ?? "" };
}

/**
 * Whether a process still runs. A later one that was given the same number is not it. Where the system does not tell
 * when a process began, any process of that number counts.
 */
export function isAlive({ pid, born }: ProcessIdentity): boolean {
  const seen = look(pid);
  return seen !== undefined && !seen.ended && (born === "" || seen.born === born);
}

function look(pid: number): Sighting | undefined {
  switch (process.platform) {
    case "linux":
      return lookInProc(pid);
    case "win32":
      return exists(pid) ? { born: "", ended: false } : undefined;
    default:
      return exists(pid) ? askPs(pid) : undefined;
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 3 is the state, 22 the start in ticks since boot. */
function lookInProc(pid: number): Sighting | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // Field 2 is the program's name in brackets, and may itself hold brackets and spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { born: fields[19] ?? "", ended: fields[0] === "Z" || fields[0] === "X" };
}

function askPs(pid: number): Sighting | undefined {
  try {
    const parameters = ["-o", "stat=", "-o", "lstart=", "-p", `${pid}`];
    const line = execFileSync("/bin/ps", parameters, { env: { LC_ALL: "C" }, encoding: "utf8" }).trim();
    const [state = "", ...born] = line.split(/\s+/);
    return { born: born.join(" "), ended: state.startsWith("Z") };
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
