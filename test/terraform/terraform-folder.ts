import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { EmulatorProxy } from "../azure/proxy.ts";
import type { Team } from "../azure/team.ts";
import { createAzurermMirror } from "./azurerm-mirror.ts";
import { needTerraform } from "./need-terraform.ts";

export interface TerraformRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** A folder with a configuration, and the real terraform with the real azurerm provider in it. It goes when disposed of. */
export interface TerraformFolder extends AsyncDisposable {
  readonly path: string;
  /** Runs `terraform <words>`; colours and questions are off. */
  run(...words: readonly string[]): Promise<TerraformRun>;
  /** The same. @throws Error with what it said where it does not end with 0 */
  must(...words: readonly string[]): Promise<TerraformRun>;
  /** The same, left running, so that a test can send it a signal. */
  start(...words: readonly string[]): { kill(signal: NodeJS.Signals): void; readonly over: Promise<TerraformRun> };
}

export interface TerraformFolderOptions {
  readonly proxy: EmulatorProxy;
  readonly team: Team;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a job of this team runs terraform: with ids and the request token, and nothing else of this machine. */
export async function createTerraformFolder(options: TerraformFolderOptions): Promise<TerraformFolder> {
  const { proxy, team, files } = options;
  const terraform = needTerraform();
  const path = await mkdtemp(join(tmpdir(), "mayfly-terraform-"));
  const mirror = await createAzurermMirror(join(path, "mirror"));
  const home = join(path, "stack");
  await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      const file = join(home, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }),
  );
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: path,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    ...mirror.env,
    ...proxy.env,
    ...armEnv(team),
    ...options.env,
  };
  const start: TerraformFolder["start"] = (...words) => {
    const began = performance.now();
    const child = spawn(terraform, [...words, ...(takesNoColor(words) ? ["-no-color"] : [])], { cwd: home, env });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
      });
    const over = new Promise<TerraformRun>((done, failed) => {
      child.on("error", failed);
      child.on("close", (code) => done({ code, ...texts, milliseconds: performance.now() - began }));
    });
    return { kill: (signal) => void child.kill(signal), over };
  };
  const run: TerraformFolder["run"] = (...words) => start(...words).over;
  return {
    path: home,
    run,
    start,
    must: async (...words) => {
      const ran = await run(...words);
      if (ran.code === 0) return ran;
      throw new Error(`terraform ${words.join(" ")} ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** What a login exports for terraform: the provider asks GitHub for its tokens itself. */
function armEnv({ clientId, tenantId, subscriptionId, job }: Team): Readonly<Record<string, string>> {
  return {
    ARM_USE_OIDC: "true",
    ARM_CLIENT_ID: clientId,
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
  };
}

function takesNoColor([command]: readonly string[]): boolean {
  return ["init", "plan", "apply", "destroy", "validate", "output", "show", "refresh"].includes(command ?? "");
}
