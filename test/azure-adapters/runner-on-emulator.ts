import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "../../src/kit/masking.ts";
import type { Runner } from "../../src/kit/runner.ts";
import { type Azure, createAzure } from "../azure/azure.ts";
import { addTeam, type Team } from "../azure/team.ts";

export const NOW = new Date("2026-11-21T09:17:00Z");

/** A job on a runner whose Azure is the emulator; its clock only moves when somebody waits, and a little with each answer. */
export interface RunnerStage {
  readonly azure: Azure;
  readonly team: Team;
  readonly runner: Runner;
  readonly summaries: string[];
  readonly warnings: string[];
  readonly lines: string[];
  readonly masked: string[];
  cancel(): void;
}

export function stageRunner(): RunnerStage {
  const azure = createAzure({ now: NOW, frozen: true });
  const team = addTeam(azure);
  const { clock } = azure;
  clock.tick(5);
  const abort = new AbortController();
  const redactor = createRedactor();
  const stage: RunnerStage = {
    azure,
    team,
    summaries: [],
    warnings: [],
    lines: [],
    masked: [],
    cancel: () => abort.abort(),
    runner: {
      environment: {
        ACTIONS_ID_TOKEN_REQUEST_URL: team.job.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: team.job.requestToken,
      },
      cancelled: abort.signal,
      tempFolder: mkdtempSync(join(tmpdir(), "mayfly-test-")),
      now: () => clock.now(),
      monotonic: () => clock.time(),
      sleep: async (milliseconds) => {
        await Promise.resolve();
        if (!abort.signal.aborted) clock.advance(milliseconds);
      },
      mask: (secret) => {
        stage.masked.push(secret);
        redactor.add(secret);
      },
      redact: redactor.redact,
      idToken: async (audience) => azure.github.idToken(team.job, audience),
      exportVariable: () => undefined,
      setOutput: () => undefined,
      summarize: async (markdown) => void stage.summaries.push(markdown),
      saveState: () => undefined,
      state: () => "",
      log: {
        info: (line) => void stage.lines.push(line),
        debug: () => undefined,
        notice: (line) => void stage.lines.push(line),
        warning: (line) => void stage.warnings.push(line),
        error: (line) => void stage.warnings.push(line),
        group: (_, work) => work(),
      },
    },
  };
  return stage;
}
