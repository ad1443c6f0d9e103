import type { Commands } from "../../kit/command.ts";

/**
 * When a commit was made, asked of git in the workspace. A shallow checkout of a pull request has only the merge commit:
 * then that one's time stands in. Undefined without git or without a repository.
 */
export async function readCommitTime(
  commands: Commands,
  workspace: string,
  sha: string | undefined,
): Promise<Date | undefined> {
  const git = await commands.find("git");
  if (git === undefined) return undefined;
  for (const commit of [sha, "HEAD"]) {
    if (commit === undefined || !/^(?:HEAD|[0-9a-f]{7,64})$/.test(commit)) continue;
    const asked = await commands.run(git, ["-C", workspace, "log", "-1", "--format=%ct", commit, "--"]);
    const seconds = asked.exitCode === 0 ? Number.parseInt(asked.stdout, 10) : Number.NaN;
    if (Number.isFinite(seconds)) return new Date(seconds * 1000);
  }
  return undefined;
}

/** The commit that is checked out in the workspace; undefined without git or without a repository. */
export async function readHead(commands: Commands, workspace: string): Promise<string | undefined> {
  const git = await commands.find("git");
  if (git === undefined) return undefined;
  const asked = await commands.run(git, ["-C", workspace, "rev-parse", "--verify", "HEAD"]);
  const [sha] = /^[0-9a-f]{40,64}(?=\s*$)/.exec(asked.stdout) ?? [];
  return asked.exitCode === 0 ? sha : undefined;
}
