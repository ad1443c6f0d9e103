import { expect } from "@jest/globals";
import { codeOf, listClauses } from "../../src/kit/error-chain.ts";
import type { Effect, FaultMatch } from "../azure/faults.ts";
import type { WireResponse } from "../azure/wire.ts";
import type { Meeting } from "./on-github.ts";

export const GITHUB: FaultMatch = { host: "api.github.com" };
/** A whole answer in the place of the real one. */
export const respond = ({ status, headers, body }: WireResponse): Effect => ({
  kind: "respond",
  status,
  headers,
  body: JSON.parse(body.toString()),
});
/** Spoils the next requests that fit. */
export const spoil = ({ azure }: Meeting, effect: Effect, when: FaultMatch = GITHUB, times = 1) =>
  azure.faults.add({ name: "spoilt", when, times }, effect);

/** The code and all clauses of what a write fails with. */
export async function failing(meeting: Meeting, work: Promise<unknown> = meeting.write("Planned.")) {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const text = listClauses(error).join("\n");
  expect(text).not.toContain(meeting.token);
  return { code: codeOf(error), text };
}
