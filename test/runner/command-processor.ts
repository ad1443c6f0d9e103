import { isAbsolute, relative, resolve } from "node:path";
import { envOf, type Frame } from "./job-run.ts";
import { addIssue, write } from "./stage-record.ts";
import { parseCommand, type WorkflowCommand } from "./workflow-commands.ts";

/** What a command does; throwing fails the step with the runner's two error lines. */
type Command = (frame: Frame, command: WorkflowCommand, echo: { on: boolean }) => void;

const issue =
  (level: "error" | "warning" | "notice"): Command =>
  (frame, { data, properties }) => {
    const { workspace } = frame.run.folders;
    const file = properties["file"];
    const inside = file !== undefined && isAbsolute(file) && file.startsWith(`${workspace}/`);
    addIssue(frame.record, level, data, inside ? { ...properties, file: relative(workspace, file) } : properties);
  };

const allowed = (frame: Frame, variable: string): boolean => envOf(frame)[variable]?.toLowerCase() === "true";

function refuseUnsecure(frame: Frame, name: string): void {
  if (allowed(frame, "ACTIONS_ALLOW_UNSECURE_COMMANDS")) return;
  throw new Error(
    `The \`${name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`,
  );
}

function warnDeprecated(frame: Frame, name: string): void {
  addIssue(
    frame.record,
    "warning",
    `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For more information see: https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`,
  );
}

function nameOf(command: WorkflowCommand): string {
  const name = command.properties["name"] ?? "";
  if (name === "") throw new Error(`Required field 'name' is missing in ##[${command.name}] command.`);
  return name;
}

/** Puts an entry in front of PATH; one that is there already moves. */
export function addPath(frame: Frame, entry: string): void {
  const { path } = frame.run;
  const at = path.indexOf(entry);
  if (at >= 0) path.splice(at, 1);
  path.push(entry);
}

const commands: Readonly<Record<string, Command>> = {
  error: issue("error"),
  warning: issue("warning"),
  notice: issue("notice"),
  debug: (frame, { data }) => write(frame.record, "debug", data),
  group: (frame, { data }) => write(frame.record, "group", data),
  endgroup: (frame) => write(frame.record, "endgroup", ""),
  echo: (_frame, { data }, echo) => {
    const value = data.trim().toLowerCase();
    if (value !== "on" && value !== "off") {
      throw new Error(`Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${data}'.`);
    }
    echo.on = value === "on";
  },
  "add-mask": (frame, { data }, echo) => {
    if (data.trim() === "") {
      addIssue(frame.record, "warning", "Can't add secret mask for empty string in ##[add-mask] command.");
      return;
    }
    if (echo.on) write(frame.record, "command", "::add-mask::***");
    frame.run.masker.addLines(data);
  },
  "set-env": (frame, command) => {
    refuseUnsecure(frame, command.name);
    const name = nameOf(command);
    if (name.toUpperCase() === "NODE_OPTIONS") {
      const text = "Can't update NODE_OPTIONS environment variable using ::set-env:: command.";
      addIssue(frame.record, "error", text);
    } else frame.run.env.set(name, command.data);
  },
  "add-path": (frame, command) => {
    refuseUnsecure(frame, command.name);
    if (command.data === "") throw new Error("Value cannot be null or empty. (Parameter 'path')");
    addPath(frame, command.data);
  },
  "set-output": (frame, command) => {
    warnDeprecated(frame, command.name);
    frame.outputs[nameOf(command)] = command.data;
  },
  "save-state": (frame, command) => {
    warnDeprecated(frame, command.name);
    frame.instance.state.set(nameOf(command), command.data);
  },
  "add-matcher": (frame, { data }) => {
    if (data === "") addIssue(frame.record, "warning", "File path must be specified.");
    else frame.run.matchers.add(resolve(frame.run.folders.workspace, data));
  },
  "remove-matcher": (frame, { data, properties }) => {
    const owner = properties["owner"] ?? "";
    if ((owner === "") === (data === "")) {
      const text =
        owner === ""
          ? "Either an owner name or a file path must be specified in ##[remove-matcher] command."
          : "Either specify an owner name or a file path in ##[remove-matcher] command. Both values cannot be set.";
      addIssue(frame.record, "warning", text);
      return;
    }
    const { matchers, folders } = frame.run;
    for (const one of owner === "" ? matchers.owners(resolve(folders.workspace, data)) : [owner]) matchers.remove(one);
  },
};

/** Commands that are not echoed with `::echo::on`, since they show up anyway or hold a secret. */
const unechoed = new Set(["add-mask", "debug", "error", "warning", "notice"]);

/** A handler for the lines of a process, stdout and stderr alike: commands take effect, the rest is logged. */
export function createLineHandler(frame: Frame): (line: string) => void {
  const registered = new Set([...Object.keys(commands), "stop-commands"]);
  const echo = { on: frame.run.job.debug === true };
  let stopToken: string | undefined;
  const handle = (line: string): boolean => {
    const command = parseCommand(line, registered);
    if (command === undefined) return false;
    if (stopToken !== undefined) {
      if (command.name !== stopToken) return false;
      registered.delete(stopToken);
      stopToken = undefined;
      write(frame.record, "command", line);
      return true;
    }
    if (echo.on && !unechoed.has(command.name) && command.name !== "stop-commands") {
      write(frame.record, "command", line);
    }
    try {
      if (command.name === "stop-commands") {
        stopToken = acceptStopToken(frame, command.data, registered);
        write(frame.record, "command", line);
      } else commands[command.name]?.(frame, command, echo);
    } catch (error) {
      const shown = unechoed.has(command.name) ? command.name : line;
      addIssue(frame.record, "error", `Unable to process command '${shown}' successfully.`);
      addIssue(frame.record, "error", error instanceof Error ? error.message : String(error));
      frame.commandFailed = true;
    }
    return true;
  };
  return (line) => {
    if ((line.includes("::") || line.includes("##[")) && handle(line)) return;
    const found = frame.run.matchers.match(line);
    if (found === undefined) write(frame.record, "plain", line);
    else addIssue(frame.record, found.level, found.message, found.place);
  };
}

/** The token that resumes commands, in lower case; a long one becomes a secret, so it cannot be forged from the log. */
function acceptStopToken(frame: Frame, token: string, registered: Set<string>): string {
  const name = token.toLowerCase();
  const invalid = name === "" || name === "pause-logging" || registered.has(name);
  if (invalid && !allowed(frame, "ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS")) {
    throw new Error(
      "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command. For more information see: https://docs.github.com/actions/learn-github-actions/workflow-commands-for-github-actions#example-stopping-and-starting-workflow-commands or opt into insecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS` environment variable to `true`.",
    );
  }
  registered.add(name);
  if (token.length > 6) frame.run.masker.add(token);
  return name;
}
