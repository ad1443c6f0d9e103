import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { DenyAssignment, Lock } from "../ttl/facts.ts";
import type { Arm } from "./arm.ts";
import { faultOf, requestIdOf } from "./arm-policies.ts";
import { ArmRefusal, explainRefusal } from "./arm-refusal.ts";

/** What protects things from being deleted. A list at a subscription holds everything at and below it. */
export interface BarrierLists {
  /** Throws a `UserError` when it cannot see them: no lock list, no delete. */
  listLocks(subscriptionId: string): Promise<readonly Lock[]>;
  /** Undefined when the identity may not read them: ARM itself then refuses what they forbid. */
  listDenyAssignments(subscriptionId: string): Promise<readonly DenyAssignment[] | undefined>;
}

interface Document {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const LOCKS = "Microsoft.Authorization/locks?api-version=2020-05-01";
const DENY_ASSIGNMENTS = "Microsoft.Authorization/denyAssignments?api-version=2022-04-01";

/** The adapter, by plain GETs on the SDK's pipeline: two lists are not worth two more client libraries in every job. */
export function connectBarriers(arm: Arm): BarrierLists {
  return {
    listLocks: async (subscriptionId) => {
      try {
        return (await listAll(arm, subscriptionId, LOCKS)).map(toLock);
      } catch (error) {
        throw explainRefusal(`Cannot read the locks of subscription ${subscriptionId}`, error);
      }
    },
    listDenyAssignments: async (subscriptionId) => {
      try {
        return (await listAll(arm, subscriptionId, DENY_ASSIGNMENTS)).map(toDenyAssignment);
      } catch (error) {
        if (error instanceof ArmRefusal && error.status === 403) return undefined;
        throw explainRefusal(`Cannot read the deny assignments of subscription ${subscriptionId}`, error);
      }
    },
  };
}

async function listAll(arm: Arm, subscriptionId: string, what: string): Promise<readonly Document[]> {
  const found: Document[] = [];
  let next: string | undefined = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${what}`;
  while (next !== undefined) {
    const response: PipelineResponse = await arm.send("GET", next);
    if (response.status !== 200) {
      const path = `GET ${new URL(response.request.url).pathname}`;
      throw new ArmRefusal(path, response.status, faultOf(response), requestIdOf(response));
    }
    const page = readPage(response.bodyAsText ?? "");
    found.push(...page.value);
    next = page.nextLink;
  }
  return found;
}

/** A page that is not a list is no empty list: it throws. */
function readPage(text: string): { readonly value: readonly Document[]; readonly nextLink: string | undefined } {
  const body = JSON.parse(text) as { readonly value?: unknown; readonly nextLink?: unknown };
  if (!Array.isArray(body.value)) throw new Error(`expected a list from ARM, got ${text.slice(0, 100)}`);
  return { value: body.value as Document[], nextLink: typeof body.nextLink === "string" ? body.nextLink : undefined };
}

function toLock(document: Document): Lock {
  const id = String(document.id ?? "");
  return {
    id,
    name: String(document.name ?? ""),
    level: String(document.properties?.["level"] ?? "unknown"),
    scope: scopeOf(id, "/providers/microsoft.authorization/locks/"),
  };
}

function toDenyAssignment(document: Document): DenyAssignment {
  const id = String(document.id ?? "");
  const { denyAssignmentName, scope } = document.properties ?? {};
  return {
    id,
    name: String(denyAssignmentName ?? document.name ?? ""),
    scope: typeof scope === "string" ? scope : scopeOf(id, "/providers/microsoft.authorization/denyassignments/"),
  };
}

/** What stands before the last marker of an id; without a marker "/", which touches everything. */
function scopeOf(id: string, marker: string): string {
  const at = id.toLowerCase().lastIndexOf(marker);
  return at <= 0 ? "/" : id.slice(0, at);
}
