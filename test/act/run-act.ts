import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { needTools } from "../image-tools/need-tools.ts";
import { completeGithubContext, type GithubContext, githubVariables } from "../runner/github-context.ts";
import { killOrphans } from "../runner/orphans.ts";
import type { ActLog } from "./act-log.ts";
import { findUnmapped, type Places } from "./find-uses.ts";
import { readLog } from "./read-log.ts";

/** A workflow to run. */
export interface ActOrder {
  /** The consumer's repository: its workflows as act can read them, and a `.git`. */
  readonly workspace: string;
  /** The file in `.github/workflows`. */
  readonly workflow: string;
  /** `event_name`, `event` and what goes with them. */
  readonly github: Partial<GithubContext> & Pick<GithubContext, "event_name">;
  readonly places: Places;
  /** For folders of this run, which whoever gives it deletes. */
  readonly scratch: string;
  /** Secrets; `GITHUB_TOKEN` is `github.token`. act hides their values wherever they stand: long ones only. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Of workflow_dispatch, as texts: `true` is a boolean's. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Variables of the machine: PATH, the proxy, where ID tokens come from. Every step of every job gets them. */
  readonly machineEnv: Readonly<Record<string, string>>;
  /** When it is given up, in milliseconds. */
  readonly timeout?: number;
}

export interface ActRun extends ActLog {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** Command lines of processes that outlived the run, which were killed. */
  readonly orphans: readonly string[];
  readonly milliseconds: number;
}

/**
 * Runs a workflow with act, on this machine and without docker, in an environment of its own.
 *
 * @throws Error before anything starts, when a `uses:` is mapped to no folder
 */
export async function runAct(order: ActOrder): Promise<ActRun> {
  const { act } = needTools("act");
  const { workspace, scratch, places } = order;
  const workflow = join(workspace, ".github/workflows", order.workflow);
  const unmapped = findUnmapped(workflow, workspace, places);
  if (unmapped.length > 0) throw new Error(`No folder stands for:\n${unmapped.join("\n")}`);
  const folder = await mkdtemp(join(scratch, "act-"));
  const github = completeGithubContext(order.github);
  const event = join(folder, "event.json");
  // With an event of ours act does not look at --input at all.
  writeFileSync(event, JSON.stringify({ ...github.event, ...(order.inputs && { inputs: order.inputs }) }));
  const home = join(folder, "home");
  const tools = join(folder, "tools");
  for (const made of [home, tools]) mkdirSync(made);
  const trackingId = `mayfly-act-${randomUUID()}`;
  const env = {
    ...githubVariables(github as unknown as Readonly<Record<string, unknown>>),
    // act takes the commit from here, and not from GITHUB_SHA.
    SHA_REF: github.sha,
    RUNNER_NAME: "act",
    RUNNER_ENVIRONMENT: "self-hosted",
    RUNNER_TRACKING_ID: trackingId,
    NO_COLOR: "1",
  };
  const pairs = (flag: string, map: Readonly<Record<string, string>> = {}) =>
    Object.entries(map).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  // In a file: what is in act's environment is in every step's, too.
  const secrets = join(folder, "secrets");
  const lines = Object.entries(order.secrets).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  writeFileSync(secrets, lines.join(""), { mode: 0o600 });
  const args = [
    ...[github.event_name, "-C", workspace, "-W", workflow, "-e", event, "-a", github.actor],
    ...["-P", "ubuntu-24.04=-self-hosted", "--json", "--rm", "--no-skip-checkout", "--no-cache-server"],
    ...["--artifact-server-addr", "127.0.0.1", "--action-cache-path", join(folder, "cache")],
    ...["--secret-file", secrets],
    ...pairs("--env", env),
    ...pairs("--var", order.vars),
    ...[...places].flatMap(([place, path]) => ["--local-repository", `${place}=${path}`]),
  ];
  const { PATH = "/usr/bin:/bin", ...machine } = order.machineEnv;
  const started = performance.now();
  const ended = await play(act, args, order, {
    ...machine,
    HOME: home,
    RUNNER_TOOL_CACHE: tools,
    RUNNER_TRACKING_ID: trackingId,
    // JavaScript actions run the first node of act's own path.
    PATH: `${dirname(process.execPath)}:${PATH}`,
  });
  const milliseconds = performance.now() - started;
  const orphans = killOrphans(trackingId).map(({ command }) => command);
  return { ...readLog(ended.stdout), exitCode: ended.exitCode, stderr: ended.stderr, orphans, milliseconds };
}

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function play(act: string, args: readonly string[], order: ActOrder, env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(act, args, {
      cwd: order.workspace,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: order.timeout ?? 540_000,
      killSignal: "SIGKILL",
    });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
      });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ ...texts, exitCode }));
  });
}
