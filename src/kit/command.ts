/** What a finished command left: nothing of it has been printed. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Commands that answer soon and change nothing that a cancel could leave half done. */
export interface Commands {
  /** Where a tool is on PATH. */
  find(tool: string): Promise<string | undefined>;
  /**
   * Runs a command without a shell and without printing. It fails only when the command cannot be started.
   *
   * @param environment is added to the job's own.
   */
  run(
    path: string,
    parameters: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<CommandOutcome>;
}

/** Real commands. The toolkit is loaded only when one is needed; on Windows it knows how to start a `.cmd`. */
export function connectCommands(environment: Readonly<Record<string, string | undefined>>): Commands {
  return {
    find: async (tool) => {
      const { which } = await import("@actions/io");
      return (await which(tool, false)) || undefined;
    },
    run: async (path, parameters, added = {}) => {
      const { getExecOutput } = await import("@actions/exec");
      const inherited = Object.entries(environment).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      return getExecOutput(path, [...parameters], {
        silent: true,
        ignoreReturnCode: true,
        env: { ...Object.fromEntries(inherited), ...added },
      });
    },
  };
}
