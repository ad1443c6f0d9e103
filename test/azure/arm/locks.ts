import { asText } from "../wire.ts";
import { propertiesOf } from "./authorization.ts";
import type { TypeBehaviour } from "./behaviour.ts";
import { ArmFailure } from "./failure.ts";
import { within } from "./resource-id.ts";
import type { ResourceDocument } from "./store.ts";
import type { ArmWorld } from "./world.ts";

export const LOCK = "Microsoft.Authorization/locks";

const LEVELS = ["CanNotDelete", "ReadOnly"];

export const lockBehaviour: TypeBehaviour = {
  type: LOCK,
  seconds: 0,
  prepare: ({ body }) => {
    const { level, notes, owners } = propertiesOf(body);
    if (!LEVELS.includes(`${level}`)) {
      throw new ArmFailure(
        400,
        "LockLevelNotSupported",
        `The lock level '${level}' is not supported. Supported levels: ${LEVELS.join(", ")}.`,
      );
    }
    return {
      properties: { level, ...(notes === undefined ? {} : { notes }), ...(owners === undefined ? {} : { owners }) },
    };
  },
  removed: (document, { clock, ghosts, settings }) => {
    if (settings.lockLingerSeconds > 0) {
      ghosts.push({ document, until: clock.time() + settings.lockLingerSeconds * 1000, in: "locks" });
    }
  },
};

/**
 * Refuses what a lock forbids. A lock above, at or below blocks a deletion; ReadOnly at or above blocks a write.
 * @throws ArmFailure 409 ScopeLocked
 */
export function requireUnlocked(world: ArmWorld, id: string, operation: "delete" | "write"): void {
  const key = id.toLowerCase();
  const blocking = effectiveLocks(world, key).filter(({ scope, body }) => {
    const at = scope.toLowerCase();
    if (operation === "write") return within(at, key) && asText(propertiesOf(body)["level"]) === "ReadOnly";
    return within(at, key) || within(key, at);
  });
  if (blocking.length === 0) return;
  const scopes = [...new Set(blocking.map(({ scope }) => scope))].join(",");
  throw new ArmFailure(
    409,
    "ScopeLocked",
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again.`,
  );
}

function effectiveLocks({ store, ghosts, clock }: ArmWorld, key: string): readonly ResourceDocument[] {
  const subscription = /^\/subscriptions\/[^/]+/.exec(key)?.[0] ?? "/";
  const lingering = ghosts.filter((ghost) => ghost.in === "locks" && ghost.until > clock.time());
  return [...store.list(LOCK, subscription), ...lingering.map(({ document }) => document)];
}
