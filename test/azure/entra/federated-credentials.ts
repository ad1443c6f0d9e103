import { EntraRefusal } from "./errors.ts";
import { expressionMatches, parseExpression } from "./flexible-expression.ts";

export interface FederatedCredential {
  readonly name?: string;
  /** Exact, without a trailing slash, case-sensitive. */
  readonly issuer: string;
  /** Exact; absent where an expression stands instead. */
  readonly subject?: string;
  readonly audience: string;
  /** `claims['sub'] matches 'repo:octo/*:ref:refs/heads/main'`: applications only, GitHub's public issuer only. */
  readonly claimsMatchingExpression?: string;
}

/** What of an assertion a credential is compared with. */
export interface PresentedClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly job_workflow_ref?: string;
}

const GITHUB = "https://token.actions.githubusercontent.com";
const LIMIT = 20;
const LENGTH = 600;

/**
 * The rules under which Entra accepts a credential at all.
 * @throws Error that names the broken rule
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export function checkCredential(
  credential: FederatedCredential,
  others: readonly FederatedCredential[],
  managedIdentity: boolean,
): void {
  const { issuer, subject, audience, claimsMatchingExpression: expression, name } = credential;
  const broken = [
    others.length >= LIMIT && `at most ${LIMIT} federated credentials per application or identity`,
    (subject === undefined) === (expression === undefined) && "exactly one of subject and expression",
    [issuer, subject ?? "", audience].some((text) => text.length > LENGTH) && `at most ${LENGTH} characters each`,
    issuer !== issuer.trim() && "no whitespace around the issuer",
    name !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name) && "a name of 3 to 120 characters",
    expression !== undefined && managedIdentity && "no expressions for managed identities",
    expression !== undefined && issuer !== GITHUB && "expressions only for GitHub's public issuer",
    subject !== undefined &&
      others.some((other) => other.issuer === issuer && other.subject === subject) &&
      "issuer and subject unique per application",
  ].find((rule) => rule !== false);
  if (broken !== undefined) throw new Error(`Entra refuses this federated credential: ${broken}`);
  if (expression !== undefined) parseExpression(expression);
}

/**
 * Finds the credential that an assertion fits, in the order issuer, audience, subject.
 * @throws EntraRefusal 700211, 700212, 700213, 7002131 or 7002138
 */
export function matchCredential(
  credentials: readonly FederatedCredential[],
  presented: PresentedClaims,
): FederatedCredential {
  const values = { iss: presented.iss, aud: presented.aud, sub: presented.sub };
  const issued = credentials.filter(({ issuer }) => issuer === presented.iss);
  if (issued.length === 0) throw new EntraRefusal(700211, values);
  const meant = issued.filter(({ audience }) => audience === presented.aud);
  if (meant.length === 0) throw new EntraRefusal(700212, values);
  const match = meant.find(({ subject, claimsMatchingExpression: expression }) =>
    expression === undefined ? subject === presented.sub : expressionMatches(expression, presented),
  );
  if (match !== undefined) return match;
  if (meant.some(({ subject }) => subject?.toLowerCase() === presented.sub.toLowerCase())) {
    throw new EntraRefusal(7002138, values);
  }
  const hasExpression = meant.some(({ claimsMatchingExpression }) => claimsMatchingExpression !== undefined);
  throw new EntraRefusal(hasExpression ? 7002131 : 700213, values);
}
