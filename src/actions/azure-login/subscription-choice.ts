import type { Subscription } from "../../azure/subscriptions.ts";
import { UserError } from "../../kit/user-error.ts";
import type { Identity } from "../../oidc/identity-kind.ts";
import type { LoginCode } from "../../oidc/login-codes.ts";
import type { LoginWorld } from "./world.ts";

export interface SubscriptionInputs {
  readonly clientId: string;
  readonly subscriptionId: string | undefined;
  readonly allowNoSubscription: boolean;
}

/**
 * The subscription to work in, proven by a real call: the one named, or the only one that the identity sees. Undefined
 * only with `allow-no-subscription`.
 *
 * @throws UserError with the role assignment that is missing.
 */
export async function chooseSubscription(
  inputs: SubscriptionInputs,
  identity: Identity,
  world: Pick<LoginWorld, "listSubscriptions" | "findSubscription">,
): Promise<Subscription | undefined> {
  const wanted = inputs.subscriptionId;
  if (wanted !== undefined) {
    const found = await world.findSubscription(wanted);
    if (found.kind === "found") return found.subscription;
    throw new UserError(
      "subscription-not-found" satisfies LoginCode,
      [
        `The login is right, but the identity cannot see subscription ${wanted}: ${found.because}`,
        sayVisible(found.visible),
        `To do: check "subscription-id", or give the identity a role in it (Reader is the least):`,
        renderAssignment(inputs.clientId, identity, wanted),
      ].join("\n"),
    );
  }
  const visible = await world.listSubscriptions();
  const [only, ...others] = visible;
  if (only !== undefined && others.length === 0) return only;
  if (inputs.allowNoSubscription) return undefined;
  if (only === undefined) {
    throw new UserError(
      "no-subscriptions" satisfies LoginCode,
      [
        "The login is right, but the identity sees no subscription: it has no role in any.",
        "To do: give it a role (Reader is the least), or set allow-no-subscription: true",
        renderAssignment(inputs.clientId, identity, "SUBSCRIPTION-ID"),
      ].join("\n"),
    );
  }
  throw new UserError(
    "subscription-ambiguous" satisfies LoginCode,
    [`The identity sees ${visible.length} subscriptions, and none is named.`, sayVisible(visible)].join("\n") +
      '\nTo do: name one in "subscription-id", or set allow-no-subscription: true',
  );
}

function sayVisible(visible: readonly Subscription[]): string {
  const SHOWN = 5;
  if (visible.length === 0) return "It sees no subscription at all.";
  const names = visible.slice(0, SHOWN).map(({ id, name }) => `${name} (${id})`);
  const more = visible.length > SHOWN ? ` and ${visible.length - SHOWN} more` : "";
  return `It sees: ${names.join(", ")}${more}.`;
}

/** A new service principal may not be in the directory yet; with its object id az need not look it up. */
function renderAssignment(clientId: string, { objectId }: Identity, subscriptionId: string): string {
  const who =
    objectId === undefined
      ? `--assignee ${clientId}`
      : `--assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal`;
  return `az role assignment create ${who} --role Reader --scope /subscriptions/${subscriptionId}`;
}
