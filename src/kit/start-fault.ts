import { statSync } from "node:fs";
import type { ProcessRequest } from "./process.ts";
import { UserError } from "./user-error.ts";

type Attempt = Pick<ProcessRequest, "tool" | "path" | "folder">;

/** What the system said, as a sentence that says what to mend. */
export function explainStart({ tool, path, folder }: Attempt, cause: unknown): UserError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  // The system says the same of a missing program and of a missing folder to run it in.
  if ((code === "ENOENT" || code === "ENOTDIR") && !isFolder(folder)) {
    return new UserError(
      "folder-missing",
      `${tool} cannot run in ${folder}: there is no such folder.\nTo do: check the path; files of the repository are there only after actions/checkout.`,
      { cause },
    );
  }
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new UserError(
        "tool-missing",
        `${tool} is not at ${path}, or what runs it is missing.\nTo do: install ${tool} in an earlier step, and look at PATH with: command -v ${tool}`,
        { cause },
      );
    case "EACCES":
    case "EPERM":
    case "ENOEXEC":
    case "EINVAL":
    case "UNKNOWN":
      return new UserError(
        "tool-not-runnable",
        `${path} is there, but this machine does not run it (${code}).\nTo do: look whether it is a program for this machine and may be executed: file ${path}; ls -l ${path}`,
        { cause },
      );
    case "E2BIG":
      return new UserError(
        "tool-not-started",
        `${tool} was not started: its parameters and the environment are too long for the system (E2BIG).\nTo do: give fewer or shorter values, or put them in a file.`,
        { cause },
      );
    default:
      return new UserError("tool-not-started", `${tool} could not be started (${path}).`, { cause });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A tool that succeeds without having read what it was given did something else than it was asked. */
export function unreadInput({ tool, path }: Attempt, cause: Error): UserError {
  return new UserError(
    "tool-input-unread",
    `${tool} ended with exit code 0 without reading its input, so it cannot have done what it was asked.\nTo do: look whether ${path} is the real ${tool}.`,
    { cause },
  );
}
