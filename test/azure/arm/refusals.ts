import type { Effect } from "../faults.ts";
import { principalNotFound } from "./role-assignments.ts";

type Respond = Effect & { readonly kind: "respond" };

const spread = principalNotFound("0b1ec700-0000-4000-8000-000000000009");

/**
 * What people have been told when terraform made something, as effects for `azure.faults.add`. Each is Azure's own shape:
 * AKS says what it lacks without ARM's `error` around it.
 */
export const REFUSALS = {
  quota: refusal(400, {
    code: "ErrCode_InsufficientVCPUQuota",
    details: null,
    message:
      "Insufficient regional vcpu quota left for location westeurope. left regional vcpu quota 2, requested quota 4. If you want to increase the quota, please follow this instruction: https://learn.microsoft.com/en-us/azure/quotas/view-quotas. Surge nodes would also consume vcpu quota, please consider use smaller maxSurge or use maxUnavailable to proceed upgrade without surge nodes, details: aka.ms/aks/maxUnavailable.",
    subcode: "",
  }),
  clusterBusy: refused(
    409,
    "OperationNotAllowed",
    "Operation is not allowed because there's an in progress create managed cluster operation on the managed cluster. Please wait for it to finish before starting a new operation.",
  ),
  policy: refused(
    403,
    "RequestDisallowedByPolicy",
    'Resource was disallowed by policy. Policy identifiers: \'[{"policyAssignment":{"name":"Allowed locations"}}]\'.',
  ),
  unregistered: refused(
    409,
    "MissingSubscriptionRegistration",
    "The subscription is not registered to use namespace 'Microsoft.ContainerService'. See https://aka.ms/rps-not-found for how to register subscriptions.",
  ),
  registryNameTaken: refused(409, "AlreadyInUse", "The registry DNS name is already in use."),
  principalNotSpread: refused(spread.status, spread.code, spread.message),
} as const satisfies Readonly<Record<string, Respond>>;

function refused(status: number, code: string, message: string): Respond {
  return refusal(status, { error: { code, message } });
}

function refusal(status: number, body: unknown): Respond {
  return { kind: "respond", status, body };
}
