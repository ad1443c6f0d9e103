import type { RunRecord } from "./run-record.ts";
import type { Paint } from "./terminal-log.ts";
import { renderForTerminal } from "./terminal-markdown.ts";

/** What stands on the pull request, by its heading: the rest of a comment is what the summary says, too. */
export function renderConversationLines(
  { conversation }: Pick<RunRecord, "conversation">,
  width: number,
  paint: Paint,
): readonly string[] {
  const last = conversation?.comments.at(-1);
  if (conversation === undefined || last === undefined) return [];
  const heading = last.body.split("\n").find((line) => line.startsWith("#")) ?? "";
  const [said = ""] = renderForTerminal(heading, width, paint).filter((line) => line !== "");
  const times = conversation.comments.length;
  const edits = times === 1 ? "written once" : `written ${times} times`;
  return ["", `${paint("dim", `Comment on #${conversation.pull} (one, ${edits}):`)} ${said}`];
}
