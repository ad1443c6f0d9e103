import { shellQuote } from "../paste/quote.ts";
import type { EntraMeaning } from "./entra-codes.ts";
import type { EntraAnswer } from "./refusal.ts";
import { compareSubjects } from "./subject-difference.ts";

/** What Entra compares of a token, letter by letter. */
export interface WorkloadClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** A federated credential of the identity. */
export interface KnownCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** What an identity takes: its credentials, or why they cannot be known. */
export type KnownCredentials =
  | { readonly identityId: string; readonly credentials: readonly KnownCredential[] }
  | { readonly because: string };

export interface WorkloadRefusal {
  readonly meaning: EntraMeaning;
  readonly answer: Pick<EntraAnswer, "aadsts" | "status" | "description">;
  readonly clientId: string;
  readonly claims: WorkloadClaims;
  readonly known: KnownCredentials;
}

type Claim = keyof WorkloadClaims;

/**
 * Why Entra does not take a service account's token: the claim that differs from the credential that comes nearest, both
 * sides of it, and the line that mends it. It never holds the token.
 */
export function explainWorkload(refusal: WorkloadRefusal): string {
  const { meaning, answer, claims, known, clientId } = refusal;
  const number = answer.aadsts === undefined ? `HTTP ${answer.status}` : `AADSTS${answer.aadsts}`;
  const mismatch = meaning.claim !== undefined || meaning.code === "federated-credential-mismatch";
  if (!mismatch) {
    const words = answer.description === undefined ? "" : `\nEntra's words: ${answer.description}`;
    return `Entra refuses the service account's token for the client ${clientId}: ${meaning.cause} (${number}).${words}`;
  }
  if ("because" in known) {
    const told = meaning.claim === undefined ? listClaims(claims) : `${meaning.claim} ${claims[meaning.claim]}`;
    return [
      `No federated credential of the identity ${clientId} has the ${meaning.claim ?? "issuer, subject and audience"} of the service account's token (${number}): ${told}.`,
      `What it takes is not known here: ${known.because}.`,
      `To do: give it a credential with ${listClaims(claims)}.`,
    ].join("\n");
  }
  const [nearest] = known.credentials.toSorted(
    (one, other) => listDifferent(claims, one).length - listDifferent(claims, other).length,
  );
  if (nearest === undefined) {
    return [
      `The identity ${clientId} has no federated credential at all, so that it takes no service account's token (${number}).`,
      `To do: ${renderLine("create", "kubernetes", known.identityId, claims)}`,
    ].join("\n");
  }
  const different = listDifferent(claims, nearest);
  if (different.length === 0) {
    return `Entra does not take the service account's token yet (${number}), although the credential "${nearest.name}" has just its claims. What was made minutes ago may be on its way.`;
  }
  return [
    `The federated credential "${nearest.name}" of the identity ${clientId} differs from the service account's token (${number}) in ${different.join(" and ")}.`,
    ...different.flatMap((claim) => compare(claim, claims, nearest)),
    `To do: ${renderLine("update", nearest.name, known.identityId, claims)}`,
  ].join("\n");
}

function listDifferent(claims: WorkloadClaims, { issuer, subject, audiences }: KnownCredential): readonly Claim[] {
  return [
    ...(issuer === claims.issuer ? [] : (["issuer"] as const)),
    ...(subject === claims.subject ? [] : (["subject"] as const)),
    ...(audiences.includes(claims.audience) ? [] : (["audience"] as const)),
  ];
}

function compare(claim: Claim, claims: WorkloadClaims, known: KnownCredential): readonly string[] {
  const needed = claim === "audience" ? known.audiences.join(", ") : known[claim];
  const pair = `The token has the ${claim} ${claims[claim]}, the credential ${needed === "" ? "none" : needed}.`;
  if (claim === "issuer" && claims.issuer.replace(/\/$/, "") === needed.replace(/\/$/, "")) {
    return [pair, "They differ in the slash at the end, which counts."];
  }
  if (claim !== "subject") return [pair];
  return [pair, ...compareSubjects(claims.subject, needed).map(({ words }) => `They differ: ${words}.`)];
}

function listClaims({ issuer, subject, audience }: WorkloadClaims): string {
  return `issuer ${issuer}, subject ${subject}, audience ${audience}`;
}

function renderLine(verb: "create" | "update", name: string, identityId: string, claims: WorkloadClaims): string {
  const [, group = "GROUP"] = /\/resourceGroups\/([^/]+)\//i.exec(identityId) ?? [];
  const identity = identityId.split("/").at(-1) ?? "IDENTITY";
  const flags = {
    name,
    "identity-name": identity,
    "resource-group": group,
    issuer: claims.issuer,
    subject: claims.subject,
    audiences: claims.audience,
  };
  const given = Object.entries(flags).map(([flag, value]) => `--${flag} ${shellQuote(value)}`);
  return `az identity federated-credential ${verb} ${given.join(" ")}`;
}
