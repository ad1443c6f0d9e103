import type { Cloud } from "../../azure/cloud.ts";
import type { FoundSubscription, Subscription } from "../../azure/subscriptions.ts";
import type { Log } from "../../kit/runner.ts";
import type { UserError } from "../../kit/user-error.ts";
import type { Identity } from "../../oidc/identity-kind.ts";
import type { Refusal } from "../../oidc/refusal.ts";
import type { AzLogin, AzOutcome } from "./az.ts";

/** What Entra made of the ID token. */
export type SignIn =
  | {
      readonly kind: "granted";
      readonly identity: Identity;
      readonly expiresOn: Date;
      /** Entra's id of the request. */
      readonly requestId: string | undefined;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly error: UserError };

/** What a login needs of the world. */
export interface LoginWorld {
  readonly log: Pick<Log, "info" | "warning" | "group">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cancelled: AbortSignal;
  readonly cloud: Cloud;
  /** The ID token, masked; every fault of it is a `UserError` already. */
  idToken(): Promise<string>;
  /** Exchanges the ID token for an access token of Azure Resource Manager. */
  signIn(): Promise<SignIn>;
  /** All subscriptions that the identity sees. */
  listSubscriptions(): Promise<readonly Subscription[]>;
  findSubscription(id: string): Promise<FoundSubscription>;
  /** Logs the az CLI in; undefined when there is no az. */
  loginAz(login: AzLogin): Promise<AzOutcome | undefined>;
  exportVariable(name: string, value: string): void;
  summarize(markdown: string): Promise<void>;
}
