import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { event } from "../objects.ts";
import { ofPod } from "./of-pod.ts";
import type { Scene } from "./scene.ts";

/** A pod whose volume does not come. */
const ofMount = (seconds: number, message: string, reason = "FailedMount"): Snapshot =>
  ofPod(seconds, {}, ({ pod: one }) => [event(one, reason, message, seconds - 2, { first: 0.6, times: 8 })]);

export const mounts: readonly Scene[] = [
  {
    name: "a Secret to mount that is missing",
    code: "volume/secret-missing",
    state: "failed",
    says: "mounts the Secret db (volume v), which is not there",
    snapshot: ofMount(62, 'MountVolume.SetUp failed for volume "v" : secret "db" not found'),
  },
  {
    name: "the same, in its first minute",
    code: "volume/secret-missing",
    state: "progressing",
    says: "mounts the Secret db",
    snapshot: ofMount(6, 'MountVolume.SetUp failed for volume "v" : secret "db" not found'),
  },
  {
    name: "a ConfigMap to mount that is missing",
    code: "volume/config-map-missing",
    state: "failed",
    says: "mounts the ConfigMap cfg",
    snapshot: ofMount(62, 'MountVolume.SetUp failed for volume "v" : configmap "cfg" not found'),
  },
  {
    name: "a key to mount that is missing",
    code: "volume/key-missing",
    state: "failed",
    says: "mounts the key q",
    snapshot: ofMount(62, 'MountVolume.SetUp failed for volume "v" : references non-existent secret key: q'),
  },
  {
    name: "a vault that refuses",
    code: "volume/identity",
    state: "failed",
    says: "the vault or the identity refuses",
    snapshot: ofMount(
      62,
      'MountVolume.SetUp failed for volume "kv" : rpc error: code = Unknown desc = failed to mount secrets store objects for pod pr-7/api, err: rpc error: code = Unknown desc = failed to acquire token: AADSTS700213: No matching federated identity record found',
    ),
  },
  {
    name: "a disk that another node holds",
    code: "volume/failed",
    state: "progressing",
    says: "waits for a disk that another node holds",
    snapshot: ofMount(
      90,
      'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) db-0',
      "FailedAttachVolume",
    ),
  },
];
