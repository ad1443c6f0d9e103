import type { Nats } from "../../../smoke/spec/checks/nats.ts";
import { dialPlace } from "../reach.ts";
import type { Held, Scope } from "../scope.ts";
import type { NatsConnection } from "../world.ts";

interface SharedConnection extends Held {
  readonly connected: Promise<NatsConnection>;
}

const LONGEST_MS = 10_000;

/**
 * The connection of a test to a server, by one login: made by the first check that asks for it, held until the test
 * ends. Where it comes to nothing, the next one tries again.
 *
 * @throws NatsFault, and what `dialPlace` throws
 */
export function shareConnection(payload: Nats, scope: Scope): Promise<NatsConnection> {
  const { held } = scope.memory;
  const key = keyOf(payload);
  const before = held.get(key);
  if (isShared(before)) return before.connected;
  const connected = connectTo(payload, scope);
  const shared: SharedConnection = { connected, end: async () => (await connected.catch(() => undefined))?.end() };
  held.set(key, shared);
  connected.catch(() => forget(shared, key, held));
  return connected;
}

/** Lets go of a connection that has ended, so that the next look makes another one. */
export async function dropConnection(payload: Nats, scope: Scope): Promise<void> {
  const key = keyOf(payload);
  const shared = scope.memory.held.get(key);
  if (!isShared(shared)) return;
  forget(shared, key, scope.memory.held);
  await shared.end();
}

async function connectTo({ server, route, user, password, token }: Nats, scope: Scope): Promise<NatsConnection> {
  const { host, port, dial } = await dialPlace(server, route, scope);
  const login = {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(token === undefined ? {} : { token }),
  };
  const timeoutMs = Math.min(LONGEST_MS, scope.left());
  return scope.world.nats({ host, port, dial, login }, { timeoutMs, until: scope.until });
}

function keyOf({ server, route, user, password, token }: Nats): string {
  return `nats ${JSON.stringify([server, route, user, password, token])}`;
}

function forget(shared: SharedConnection, key: string, held: Map<string, Held>): void {
  if (held.get(key) === shared) held.delete(key);
}

function isShared(held: Held | undefined): held is SharedConnection {
  return held !== undefined && "connected" in held;
}
