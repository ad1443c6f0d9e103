import { UserError } from "../../kit/user-error.ts";
import { fill } from "../../smoke/fill.ts";
import type { Check, CheckOf } from "../../smoke/smoke-test.ts";
import type { CheckKind } from "../../smoke/spec/check-kinds.ts";
import type { Checker, Probe } from "./look.ts";
import type { Scope } from "./scope.ts";
import type { Session } from "./session.ts";
import type { WatchView } from "./watches.ts";
import type { SmokeCluster, SmokeWorld } from "./world.ts";

/** A check that is being taken. */
export interface OpenCheck {
  readonly probe: Probe;
  readonly watches: WatchView;
  end(): Promise<void>;
}

export type CheckLimits = Pick<Scope, "left" | "until">;

/** Begins a check, with the values that are known by now. @throws UserError for a value that is not */
export function beginCheck(check: Check, session: Session, limits: CheckLimits): OpenCheck {
  const watches = session.hub.open();
  const scope = makeScope(session, watches, limits);
  const probe = begin(check, session, scope);
  return {
    probe,
    watches,
    end: async () => {
      watches.end();
      // What was seen stands, whatever becomes of a connection that is not needed any more.
      await probe.end?.().catch(() => {});
    },
  };
}

/** Lets a check get ready before the test begins. What is in its way will be told when its turn comes. */
export async function prepareCheck(check: Check, session: Session, limits: CheckLimits): Promise<void> {
  const watches = session.hub.open();
  try {
    await prepare(check, session, makeScope(session, watches, limits));
  } catch {
    // The check itself will say it.
  } finally {
    watches.end();
  }
}

function begin<K extends CheckKind>(check: CheckOf<K>, session: Session, scope: Scope): Probe {
  return findChecker(check, session).begin(fill(check.with, Object.fromEntries(session.values)), scope);
}

async function prepare<K extends CheckKind>(check: CheckOf<K>, session: Session, scope: Scope): Promise<void> {
  await findChecker(check, session).prepare?.(check.with, scope);
}

function findChecker<K extends CheckKind>({ kind }: CheckOf<K>, { checkers }: Session): Checker<K> {
  const checker = checkers[kind];
  if (checker === undefined) throw new Error(`nobody takes checks of the kind ${kind}`);
  return checker;
}

function makeScope(session: Session, watches: WatchView, limits: CheckLimits): Scope {
  const { world, test, release, startedAt, elapsed, memory } = session;
  return {
    world,
    namespace: test.namespace,
    release,
    startedAt,
    elapsed,
    get cluster() {
      return needCluster(world);
    },
    watches,
    memory,
    ...limits,
  };
}

/** @throws UserError `smoke-needs-cluster` */
export function needCluster({ cluster }: Pick<SmokeWorld, "cluster">): SmokeCluster {
  if (cluster !== undefined) return cluster;
  throw new UserError(
    "smoke-needs-cluster",
    "This check looks into a cluster, and the job has no kubeconfig. Let aks-set-context run before, or set the input kubeconfig.",
  );
}
