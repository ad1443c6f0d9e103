import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Team } from "../azure/team.ts";

/** A copy of the committed bundle where no node_modules is found, with the files that the runner gives a step. */
export interface Stage {
  readonly folder: string;
  /** The stub of an action's stage. */
  script(action: string, stage?: "index" | "post"): string;
  /** A step's environment: fresh command files, inputs, and what else is given. */
  environment(
    inputs: Readonly<Record<string, string>>,
    more?: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function stage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  await cp("dist", join(folder, "dist"), { recursive: true });
  let steps = 0;
  return {
    folder,
    script: (action, name = "index") => join(folder, "dist", action, `${name}.js`),
    environment: async (inputs, more = {}) => {
      steps += 1;
      const temp = join(folder, `step-${steps}`);
      await mkdir(temp);
      const files: Record<string, string> = {};
      for (const name of ["OUTPUT", "ENV", "STATE", "STEP_SUMMARY", "PATH"]) {
        files[`GITHUB_${name}`] = join(temp, name.toLowerCase());
        await writeFile(join(temp, name.toLowerCase()), "");
      }
      const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      return {
        PATH: "/usr/bin:/bin",
        RUNNER_TEMP: temp,
        GITHUB_ACTIONS: "true",
        ...files,
        ...Object.fromEntries(given),
        ...more,
      };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What makes a step the job that may log in as the team's identity. */
export function jobEnvironment({ job }: Team): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
    GITHUB_REPOSITORY: "octo/shop",
  };
}
