import { type Simulation, simulate } from "./simulation.ts";

/** The repository that most tests are about. */
export const APP = "team/app";

/** Two images of pull request 12, one of 123, and a release. */
export function scene(): Simulation {
  const simulation = simulate();
  simulation.push(APP, "old", { tags: ["pr-12-abcdef0"] });
  simulation.push(APP, "new", { tags: ["pr-12", "pr-12-abcdef1", `ctx-${"c".repeat(40)}`] });
  simulation.push(APP, "other", { tags: ["pr-123", "pr-123-abcdef0"] });
  simulation.push(APP, "release", { tags: ["v1", "latest"] });
  return simulation;
}

/** The deletes that were sent, in order: `untag pr-12`, `delete sha256:…`. */
export const sent = ({ requests }: Simulation) =>
  requests.filter(({ call }) => call === "untag" || call === "delete").map(({ call, what }) => `${call} ${what}`);
