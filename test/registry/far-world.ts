import type { RegistryCredentials } from "../../src/registry/credentials.ts";
import { connectSession, type SessionOptions } from "../../src/registry/session.ts";
import type { createFarRegistry } from "./far-registry.ts";

export const PASSWORD: RegistryCredentials = { kind: "password", username: "octo", password: "hunter2-hunter2" };

/** A session with a registry that is played, in a world whose clock moves only when somebody sleeps. */
export function meet(
  far: Pick<ReturnType<typeof createFarRegistry>, "host" | "httpClient">,
  credentials: RegistryCredentials = PASSWORD,
  change: Partial<SessionOptions> = {},
) {
  const waits: number[] = [];
  const masked: string[] = [];
  const cancel = new AbortController();
  let at = Date.parse("2026-11-21T10:00:00Z");
  const session = connectSession({
    host: far.host,
    credentials,
    httpClient: far.httpClient,
    time: {
      now: () => new Date(at),
      random: () => 0.5,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        at += milliseconds;
      },
    },
    cancelled: cancel.signal,
    environment: {},
    mask: (secret) => void masked.push(secret),
    ...change,
  });
  const advance = (milliseconds: number): void => {
    at += milliseconds;
  };
  return { session, waits, masked, cancel, advance };
}
