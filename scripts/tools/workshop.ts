import { renderDuration } from "../../src/kit/duration.ts";
import { startProgress } from "../../src/kit/progress.ts";
import { type Tool, titleOf } from "./tool.ts";

/** Where tools are made: it says what is made and for how long, and ends with a failure's words. */
export interface Workshop {
  readonly info: (line: string) => void;
  /** Aborted when the whole run is to end. */
  readonly cancelled: AbortSignal;
  /**
   * Does what gets a tool, and tells of it while it lasts.
   *
   * @param done what is said at the end, after the tool's name
   * @returns the failure's words with the tool's name; undefined when it went well
   */
  work(
    tool: Pick<Tool, "name" | "version" | "expectedSeconds">,
    done: string,
    work: () => Promise<void>,
  ): Promise<string | undefined>;
}

/** Opens a workshop that says what it does with `info`. */
export function openWorkshop(info: (line: string) => void, cancelled: AbortSignal): Workshop {
  return {
    info,
    cancelled,
    work: async (tool, done, work) => {
      const title = titleOf(tool);
      const startedAt = performance.now();
      const progress = startProgress({ now: () => new Date(), info });
      const state = `getting ${title}, which takes about ${renderDuration(tool.expectedSeconds * 1000)} on two cores`;
      progress.say(state);
      const ticking = setInterval(() => progress.say(state), 1_000);
      try {
        await work();
        info(`[${renderDuration(performance.now() - startedAt)}] ${title}: ${done}`);
        return undefined;
      } catch (error) {
        if (cancelled.aborted) return `${title}: cancelled`;
        return `${title}: ${error instanceof Error ? error.message : error}`;
      } finally {
        clearInterval(ticking);
      }
    },
  };
}
