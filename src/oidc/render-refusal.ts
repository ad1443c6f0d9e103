import type { IdTokenClaims } from "./claims.ts";
import { compareClocks } from "./clocks.ts";
import type { Refusal } from "./refusal.ts";
import { compareSubjects } from "./subject-difference.ts";

/**
 * A refused login in few lines, as it stands in the annotation: what differs, presented and needed, what to do, and the
 * ids that support asks for. It never holds a token.
 */
export function renderRefusal(refusal: Refusal): string {
  const { answer, meaning } = refusal;
  const number = answer.aadsts === undefined ? `HTTP ${answer.status}` : `AADSTS${answer.aadsts}`;
  return [
    `Entra refused the login: ${meaning.cause} (${number}).`,
    ...listFacts(refusal),
    `To do: ${meaning.mend}.`,
    ...renderIds(refusal),
  ].join("\n");
}

function listFacts(refusal: Refusal): readonly string[] {
  const { attempt, answer, meaning } = refusal;
  const { claims } = attempt;
  switch (meaning.claim) {
    case "subject":
      return claims === undefined
        ? []
        : [`Presented subject: ${claims.subject}`, ...(readNeeded(refusal) ?? [renderNeeded(claims)])];
    case "issuer":
      return claims === undefined ? [] : [`Presented issuer: ${claims.issuer}`, ...judgeIssuer(claims.issuer)];
    case "audience":
      return claims === undefined ? [] : [`Presented audience: ${claims.audience}`, ...judgeAudience(refusal)];
    case undefined:
      break;
  }
  if (meaning.code === "assertion-expired") return compareClocks(refusal).map(sentence);
  if (meaning.code === "federated-credential-mismatch" && claims !== undefined) {
    return [
      `Presented issuer: ${claims.issuer}`,
      `Presented subject: ${claims.subject}`,
      `Presented audience: ${claims.audience}`,
    ];
  }
  return [
    `Tenant ${attempt.tenantId}, client ${attempt.clientId}, cloud ${attempt.cloud}.`,
    ...(answer.description === undefined ? [] : [`Entra's words: ${answer.description}`]),
  ];
}

function renderNeeded({ issuer, audience }: IdTokenClaims): string {
  return `Needed: a federated credential with this subject, character by character (issuer ${issuer}, audience ${audience}).`;
}

/** What Entra itself names as the subject needed; it does so only in some refusals (AADSTS7002137). */
export function findNeededSubject(refusal: Refusal): string | undefined {
  return /credential Subject is '([^']+)'/.exec(refusal.answer.description ?? "")?.[1];
}

function readNeeded(refusal: Refusal): readonly string[] | undefined {
  const { claims } = refusal.attempt;
  const needed = findNeededSubject(refusal);
  if (claims === undefined || needed === undefined) return undefined;
  return [`Needed subject: ${needed}`, ...compareSubjects(claims.subject, needed).map(({ words }) => sentence(words))];
}

const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

function judgeIssuer(issuer: string): readonly string[] {
  if (issuer === GITHUB_ISSUER) return ["Needed: the same; mind that no slash stands at its end."];
  if (issuer.startsWith(`${GITHUB_ISSUER}/`)) {
    return ["Needed: the same; your enterprise adds its name to the issuer (include_enterprise_slug)."];
  }
  return ["Needed: the same; it is the issuer of your GitHub server, not github.com's."];
}

function judgeAudience(refusal: Refusal): readonly string[] {
  const { claims, usualAudience, cloud } = refusal.attempt;
  if (usualAudience === undefined) return [];
  return claims?.audience === usualAudience
    ? [`Needed: the credential's own; ${usualAudience} is the usual one of cloud ${cloud}.`]
    : [`Needed: the credential's own, usually ${usualAudience} in cloud ${cloud}.`];
}

function renderIds({ answer }: Refusal): readonly string[] {
  const ids = [
    ...(answer.traceId === undefined ? [] : [`trace ${answer.traceId}`]),
    ...(answer.correlationId === undefined ? [] : [`correlation ${answer.correlationId}`]),
  ];
  return ids.length === 0 ? [] : [`For support: ${ids.join(", ")}.`];
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
