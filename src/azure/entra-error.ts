import { UserError } from "../kit/user-error.ts";
import type { Refusal } from "../oidc/refusal.ts";
import { renderRefusal } from "../oidc/render-refusal.ts";

/** Entra refused a token. The message explains it briefly; `refusal` holds what a fuller report is made of. */
export class EntraError extends UserError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.meaning.code, renderRefusal(refusal));
    this.refusal = refusal;
  }
}
