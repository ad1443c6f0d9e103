import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { basename, join } from "node:path";
import { connectCommands } from "../../kit/command.ts";
import { type DetachedProcess, findDetached, startDetached } from "../../kit/detached-process.ts";
import { followFile } from "../../kit/follow-file.ts";
import type { Runner } from "../../kit/runner.ts";
import { UserError } from "../../kit/user-error.ts";
import { tuneGo } from "./go-environment.ts";
import type { TerraformTool, World } from "./world.ts";

export interface ToolOptions {
  readonly runner: Pick<Runner, "environment" | "cancelled">;
  /** Where the output of each call goes: a folder that only this user can read. */
  readonly logFolder: string;
  /** Tells the calls of main from those of post. */
  readonly prefix: string;
  /** Called once, as soon as the first call has been started. */
  readonly whileItRuns: () => void;
}

/** Names the call that is under way, for post. */
const CALL = "call";

/** Finds terraform or tofu, whatever set it up. */
export function connectTool({ runner, logFolder, prefix, whileItRuns }: ToolOptions): World["openTool"] {
  let calls = 0;
  return async (which, { folder, environment }) => {
    const { product, path } = await findTool(which, runner.environment);
    const tuned = { ...environment, ...tuneGo(environment, readMemory()) };
    const run: TerraformTool["run"] = async ({ name, parameters, onLine }) => {
      calls += 1;
      const log = `${prefix}${calls}-${name}`;
      // Before it is started: post looks for whatever stands here.
      writeFileSync(join(logFolder, CALL), log, { mode: 0o600 });
      const started = await startDetached({
        tool: "terraform",
        path,
        parameters,
        environment: tuned,
        folder,
        logFolder,
        name: log,
        cancelled: runner.cancelled,
      });
      if (calls === 1) whileItRuns();
      const lines: string[] = [];
      const take = (line: string): void => {
        lines.push(line);
        onLine?.(line);
      };
      await followFile(started.process.stdout, take, { until: started.ended });
      const { exitCode } = await started.ended;
      rmSync(join(logFolder, CALL), { force: true });
      return { exitCode, stdout: lines.join("\n"), stderr: readFileSync(started.process.stderr, "utf8") };
    };
    return { product, run };
  };
}

/** Bytes that a process may use at most: a container's limit, or what the machine has. */
function readMemory(): number {
  // 0, or more than there is, where nothing limits it.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** The call that was under way when main ended; undefined when none was. */
export function findCall(logFolder: string): { readonly name: string; readonly process: DetachedProcess } | undefined {
  const file = join(logFolder, CALL);
  if (!existsSync(file)) return undefined;
  const log = basename(readFileSync(file, "utf8").trim());
  const process = findDetached(logFolder, log);
  return process === undefined ? undefined : { process, name: log.replace(/^.*?\d+-/, "") };
}

/** Set-up actions put a script before the program that swallows signals and exit codes; both say where the program is. */
const WRAPPERS = { terraform: "TERRAFORM_CLI_PATH", tofu: "TOFU_CLI_PATH" } as const;

async function findTool(
  which: "auto" | "terraform" | "tofu",
  environment: Runner["environment"],
): Promise<{ readonly product: "terraform" | "tofu"; readonly path: string }> {
  const products = which === "auto" ? (["terraform", "tofu"] as const) : ([which] as const);
  const commands = connectCommands(environment);
  for (const product of products) {
    const folder = environment[WRAPPERS[product]];
    const wrapped = folder ? join(folder, `${product}-bin${process.platform === "win32" ? ".exe" : ""}`) : "";
    if (wrapped !== "" && existsSync(wrapped)) return { product, path: wrapped };
    const path = await commands.find(product);
    if (path !== undefined) return { product, path };
  }
  const text = `There is no ${products.join(" and no ")} on PATH.\nTo do: set it up in an earlier step: uses: hashicorp/setup-terraform, or uses: opentofu/setup-opentofu.`;
  throw new UserError("tool-missing", text);
}
