/** What inputs of several actions mean: a name means the same everywhere. */
export const words = {
  registry: "The registry: its name, which is looked up in the subscription, or its login server.",
  "dry-run": "Only says what would be done, and why.",
  deadline: "When the run has to be over. What is left then is told, and left for the next run.",
  concurrency: "How much is done side by side.",
  "max-deletions": "The fuse: with more to delete than this, nothing is deleted.",
} as const;
