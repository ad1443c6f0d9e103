import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { condition, deployment, replicaSet, snapshot, want } from "../objects.ts";
import type { Scene } from "./scene.ts";

/** A Deployment whose pods the API server does not let in. */
function ofRefusal(message: string, seconds = 0.5): Snapshot {
  const failure = condition("ReplicaFailure", "True", "FailedCreate", message, 0.2);
  const one = deployment("api", { conditions: [failure], status: { replicas: 0, updatedReplicas: 0 } });
  return snapshot(seconds, [want(one)], [one, replicaSet(one, "7c9", { conditions: [failure] })]);
}

export const refusals: readonly Scene[] = [
  {
    name: "a quota that is used up",
    code: "pods-refused/quota",
    state: "failed",
    says: "exceeded quota: q, requested: pods=1",
    snapshot: ofRefusal(
      'pods "api-7c9-tfr69" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    ),
  },
  {
    name: "a quota that wants requests",
    code: "pods-refused/quota",
    state: "failed",
    says: "must specify requests.cpu for: main",
    snapshot: ofRefusal(
      '(combined from similar events): Error creating: pods "api-7c9-a" is forbidden: failed quota: q: must specify requests.cpu for: main',
    ),
  },
  {
    name: "a limit",
    code: "pods-refused/quota",
    state: "failed",
    says: "maximum memory usage per Container is 8Mi",
    snapshot: ofRefusal('pods "api-7c9-a" is forbidden: maximum memory usage per Container is 8Mi, but limit is 32Mi'),
  },
  {
    name: "Pod Security",
    code: "pods-refused/pod-security",
    state: "failed",
    says: 'violates PodSecurity "restricted:latest"',
    snapshot: ofRefusal(
      'pods "api-7c9-a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    ),
  },
  {
    name: "a policy",
    code: "pods-refused/policy",
    state: "failed",
    says: "denied request: no latest",
    snapshot: ofRefusal(
      "pods \"api-7c9-a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no latest",
    ),
  },
  {
    name: "a webhook that gives no answer, at first",
    code: "pods-refused/policy",
    state: "progressing",
    says: "the webhook w.example.com gives no answer",
    snapshot: ofRefusal(
      'Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post "https://w.ns.svc:443/": service "w" not found',
    ),
  },
  {
    name: "a service account that is not there",
    code: "pods-refused/service-account",
    state: "failed",
    says: "there is no service account nobody",
    snapshot: ofRefusal(
      'pods "api-7c9-" is forbidden: error looking up service account pr-7/nobody: serviceaccount "nobody" not found',
    ),
  },
  {
    name: "something else",
    code: "pods-refused/other",
    state: "failed",
    says: "spec.containers[0].x: Invalid value",
    snapshot: ofRefusal('Pod "api-7c9-a" is invalid: spec.containers[0].x: Invalid value'),
  },
];
