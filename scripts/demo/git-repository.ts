import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A repository with a checkout, as a team works on it. */
export interface GitRepository {
  readonly folder: string;
  /** Writes files, by path, and commits all that there is to the branch at hand. Returns the commit. */
  commit(title: string, files: Readonly<Record<string, string>>): string;
  /** Goes to a branch; makes it of the one at hand where it does not exist. Returns its last commit. */
  go(branch: string): string;
  /** Checks out what GitHub builds for a pull request: the branch merged into main. Returns that commit. */
  merge(branch: string): string;
}

/** Makes an empty repository in a folder, with a branch `main`. Nothing of this machine's git configuration counts. */
export function createGitRepository(folder: string): GitRepository {
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    ...identify("AUTHOR"),
    ...identify("COMMITTER"),
  };
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", folder, ...words], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  const head = (): string => git("rev-parse", "HEAD");
  mkdirSync(folder, { recursive: true });
  git("init", "--quiet", "--template=", "--initial-branch=main");
  return {
    folder,
    commit: (title, files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      git("add", "--all");
      git("commit", "--quiet", "--message", title);
      return head();
    },
    go: (branch) => {
      const there = git("branch", "--list", branch) !== "";
      git("checkout", "--quiet", ...(there ? [branch] : ["-b", branch]));
      return head();
    },
    merge: (branch) => {
      git("checkout", "--quiet", "--detach", "main");
      git("merge", "--quiet", "--no-ff", "--message", `Merge ${branch} into main`, branch);
      return head();
    },
  };
}

function identify(role: "AUTHOR" | "COMMITTER"): Readonly<Record<string, string>> {
  return { [`GIT_${role}_NAME`]: "Mona", [`GIT_${role}_EMAIL`]: "mona@example.com" };
}
