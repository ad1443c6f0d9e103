import type { Story } from "../../terraform/story.ts";
import type { RunRecord } from "./record.ts";
import type { World } from "./world.ts";

/** Keeps what is told of a run, and writes each change down before anything else happens. */
export interface Storyteller {
  tell(change: Partial<Story>): void;
  /** Told to whoever watches, and not written down: work that goes on. */
  show(change: Partial<Story>): void;
  /** What post has to know besides. */
  mark(change: Partial<Omit<RunRecord, "story">>): void;
  /** A sentence on something that was looked after: in the log, the summary and the comment. */
  note(sentence: string): void;
  /** Does a part of the work, and notes its time. */
  phase<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds since the step began. */
  elapsed(): number;
  story(): Story;
  record(): RunRecord;
}

/**
 * @param begin the state at the start, or the one that main left for post
 * @param watch told of each change
 */
export function createStoryteller(
  begin: RunRecord,
  world: Pick<World, "now" | "monotonic" | "record" | "log">,
  watch: (story: Story) => void = () => {},
): Storyteller {
  let record = begin;
  // Post goes on counting where main began.
  const before = Math.max(0, world.now().getTime() - begin.startedAt);
  const startedAt = world.monotonic();
  const elapsed = (): number => before + world.monotonic() - startedAt;
  const keep = (next: RunRecord): void => {
    record = next;
    world.record(record);
  };
  const tell = (change: Partial<Story>): void => {
    keep({ ...record, story: { ...record.story, ...change, now: world.now() } });
    watch(record.story);
  };
  return {
    tell,
    show: (change) => watch({ ...record.story, ...change, now: world.now() }),
    mark: (change) => keep({ ...record, ...change }),
    note: (sentence) => {
      world.log.info(sentence);
      tell({ notes: [...record.story.notes, sentence] });
    },
    phase: async (name, work) => {
      const fromMs = elapsed();
      try {
        return await work();
      } finally {
        tell({ phases: [...record.story.phases, { name, fromMs, toMs: elapsed() }] });
      }
    },
    elapsed,
    story: () => ({ ...record.story, now: world.now() }),
    record: () => record,
  };
}
