import type { Checker, Look } from "../../../../src/actions/smoke/look.ts";
import type { Memory, Scope, Watches } from "../../../../src/actions/smoke/scope.ts";
import { UserError } from "../../../../src/kit/user-error.ts";
import type { PayloadOf } from "../../../../src/smoke/smoke-test.ts";
import type { CheckKind } from "../../../../src/smoke/spec/check-kinds.ts";
import { START } from "../../helm-deploy/fake/time.ts";
import { type FakeWorld, NAMESPACE, type Scene } from "./world.ts";

/** What a check gets to see, without the engine around it: lists are asked of the cluster each time. */
export function createScope(scene: Scene, world: FakeWorld, given: Partial<Scope> = {}): Scope & { end(): void } {
  const ending = new AbortController();
  const memory: Memory = { publishedAtMs: undefined, held: new Map() };
  const watches: Watches = {
    list: async (kind, namespace) => {
      const session = scene.cluster.session();
      if ((await session.findKind(kind)) === undefined) {
        throw new UserError("kind-unknown", `The cluster does not know ${kind.kind} (${kind.apiVersion}).`);
      }
      return session.list(kind, { namespace });
    },
    changes: async (kind, namespace) =>
      (await watches.list(kind, namespace)).map((object) => ({ type: "added", object, atMs: 0 })),
  };
  return {
    world,
    namespace: NAMESPACE,
    release: "shop",
    startedAt: START,
    elapsed: () => scene.time.now() - START.getTime(),
    get cluster() {
      if (world.cluster === undefined) throw new UserError("smoke-needs-cluster", "The job has no kubeconfig.");
      return world.cluster;
    },
    watches,
    memory,
    left: () => 60_000,
    until: ending.signal,
    end: () => ending.abort(),
    ...given,
  };
}

/** One look of a check that has just begun. */
export async function lookOnce<K extends CheckKind>(
  checker: Checker<K>,
  payload: PayloadOf<K>,
  scope: Scope,
): Promise<Look> {
  const probe = checker.begin(payload, scope);
  try {
    return await probe.look();
  } finally {
    await probe.end?.();
  }
}
