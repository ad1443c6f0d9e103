import { beyondPods } from "./beyond-pods.ts";
import { containers } from "./containers.ts";
import { mounts } from "./mounts.ts";
import { probes } from "./probes.ts";
import { pulls } from "./pulls.ts";
import { refusals } from "./refusals.ts";
import type { Scene } from "./scene.ts";
import { scheduling } from "./scheduling.ts";

/** Every way to fail, with the texts and times of a real node. */
export const SCENES: readonly Scene[] = [
  ...pulls,
  ...containers,
  ...probes,
  ...mounts,
  ...scheduling,
  ...refusals,
  ...beyondPods,
];
