import { UserError } from "../kit/user-error.ts";
import type { ArmFault } from "../ttl/blockers.ts";

/** An answer of ARM's that is not a success, with everything that the SDK's paged lists drop. */
export class ArmRefusal extends Error {
  override readonly name = "ArmRefusal";
  readonly status: number;
  readonly fault: ArmFault;
  /** `x-ms-request-id`: what Azure's support asks for. */
  readonly requestId: string;
  /** The text of `Retry-After`. */
  readonly retryAfter: string | undefined;

  constructor(request: string, status: number, fault: ArmFault, requestId: string, retryAfter?: string) {
    super(`ARM answered ${request} with ${status} ${fault.code}: ${fault.message} (request ${requestId})`);
    this.status = status;
    this.fault = fault;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

const MEANING: readonly {
  readonly test: (refusal: ArmRefusal) => boolean;
  readonly code: string;
  readonly do: string;
}[] = [
  {
    test: (refusal) => refusal.status === 403 && refusal.fault.code.startsWith("DenyAssignment"),
    code: "arm-denied",
    do: "A deny assignment forbids it; only who made it can lift it.",
  },
  {
    test: (refusal) => refusal.status === 403,
    code: "arm-denied",
    do: "Give the identity a role that allows it: az role assignment create --assignee <client-id> --role <role> --scope <scope>",
  },
  {
    test: (refusal) => refusal.fault.code === "SubscriptionNotFound" || refusal.fault.code === "InvalidSubscriptionId",
    code: "subscription-not-found",
    do: "Check the id, and that the identity has a role in this subscription: az account show --subscription <id>",
  },
  {
    test: (refusal) => refusal.status === 401,
    code: "arm-unauthorized",
    do: "The token was refused: check the tenant.",
  },
  { test: (refusal) => refusal.status === 429, code: "arm-throttled", do: "Run it again later; nothing was lost." },
  { test: (refusal) => refusal.status >= 500, code: "arm-unavailable", do: "Run it again; nothing was lost." },
];

/** What a person should read when ARM refuses: one clause that says what was tried, ARM's words, and what to do. */
export function explainRefusal(clause: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (!(error instanceof ArmRefusal)) {
    const text = `${clause}: no answer from ARM. Check the network and proxy of the runner.`;
    return new UserError("arm-unreachable", text, { cause: error });
  }
  const meaning = MEANING.find((one) => one.test(error));
  const advice = meaning === undefined ? "" : ` ${meaning.do}`;
  return new UserError(meaning?.code ?? "arm-refused", `${clause}.${advice}`, { cause: error });
}
