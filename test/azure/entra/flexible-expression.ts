import type { PresentedClaims } from "./federated-credentials.ts";

interface Condition {
  readonly claim: "sub" | "job_workflow_ref";
  readonly operator: "eq" | "matches";
  readonly operand: string;
}

const CONDITION = /^claims\['(sub|job_workflow_ref)'\] (eq|matches) '([^']*)'$/;

/**
 * `claims['sub'] matches 'repo:octo/*:*' and claims['job_workflow_ref'] eq '…'`: the language's version 1.
 * @throws Error where a condition is not of that form
 * @see https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */
export function parseExpression(expression: string): readonly Condition[] {
  return expression.split(/ and (?=claims\[)/).map((text) => {
    const [, claim, operator, operand] = CONDITION.exec(text.trim()) ?? [];
    if (operand === undefined) throw new Error(`Entra refuses the expression at "${text}"`);
    return { claim: claim as Condition["claim"], operator: operator as Condition["operator"], operand };
  });
}

/** `*` stands for any characters, `?` for one; whether `*` crosses `/` and `@` is not confirmed, here it does. */
export function expressionMatches(expression: string, presented: PresentedClaims): boolean {
  return parseExpression(expression).every(({ claim, operator, operand }) => {
    const value = presented[claim];
    if (value === undefined) return false;
    return operator === "eq" ? value === operand : wildcard(operand).test(value);
  });
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}
