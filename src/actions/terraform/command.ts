import type { OutputValue } from "../../terraform/stream-event.ts";
import { apply } from "./apply.ts";
import { keepPlan } from "./approved-plan.ts";
import { destroy } from "./destroy.ts";
import { settleLifetime } from "./lifetime.ts";
import { noteRun } from "./note.ts";
import { makePlan } from "./plan.ts";
import { checkPolicies } from "./policies.ts";
import { readOutputs, requireDeclared } from "./read-outputs.ts";
import type { Session } from "./session.ts";
import { unlock } from "./unlock.ts";
import { writeVariables } from "./variables.ts";

/** What a command found besides its story. */
export interface Found {
  /** Of the root module; undefined where nobody has read them. */
  readonly outputs?: Readonly<Record<string, OutputValue>>;
  /** Path of the plan. */
  readonly planFile?: string;
}

/** Carries out the command that was asked for. */
export const carryOut = (session: Session): Promise<Found> => COMMANDS[session.request.command](session);

type Command = (session: Session) => Promise<Found>;

const plan: Command = async (session) => {
  await noteRun(session);
  const expiresAt = await settleLifetime(session, false);
  const made = await makePlan(session, await writeVariables(session, expiresAt), { destroy: false });
  const planFile = await keepPlan(session, made);
  checkPolicies(session, made.facts, expiresAt);
  return { planFile };
};

const COMMANDS: Readonly<Record<Session["request"]["command"], Command>> = {
  plan,
  apply: async (session) => {
    requireDeclared(session);
    await noteRun(session);
    return { outputs: await apply(session) };
  },
  destroy: async (session) => {
    await noteRun(session);
    await destroy(session);
    return {};
  },
  output: async (session) => ({ outputs: await readOutputs(session) }),
  unlock: async (session) => {
    await unlock(session);
    return {};
  },
  // The same look, and nothing is kept for an apply.
  drift: async (session) => {
    await noteRun(session);
    const files = await writeVariables(session, await settleLifetime(session, false));
    await makePlan(session, files, { destroy: false });
    return {};
  },
};
