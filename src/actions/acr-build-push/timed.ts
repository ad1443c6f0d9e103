import type { Story } from "./story.ts";

/** Does a part of the run and writes down how long it took, also when it fails. */
export async function timed<T>(
  name: string,
  story: Story,
  world: { monotonic(): number },
  work: () => Promise<T>,
): Promise<T> {
  const startedMs = world.monotonic() - story.startedAt;
  try {
    return await work();
  } finally {
    story.phases = [...story.phases, { name, startedMs, finishedMs: world.monotonic() - story.startedAt }];
  }
}
