import type { Refusal } from "./refusal.ts";

/** Less than this is network and rounding, not a wrong clock. */
const NOTABLE_MS = 30_000;

/**
 * What the three clocks say about a token that was "not within its valid time range": Entra's (its Date header), the
 * runner's, and GitHub's (`iat`). One line each finding; empty when Entra told no time.
 */
export function compareClocks(refusal: Refusal): readonly string[] {
  const { answer, attempt, receivedAt } = refusal;
  if (answer.at === undefined) return [];
  const entra = answer.at.getTime();
  const runner = receivedAt.getTime();
  const found: string[] = [];
  if (Math.abs(runner - entra) >= NOTABLE_MS) {
    found.push(`the runner's clock is ${seconds(runner - entra)} ${runner > entra ? "ahead of" : "behind"} Entra's`);
  }
  const { claims } = attempt;
  if (claims !== undefined && entra < claims.issuedAt * 1000) {
    found.push(
      `Entra's clock is ${seconds(claims.issuedAt * 1000 - entra)} before the token was issued (GitHub's clock)`,
    );
  }
  if (claims !== undefined && entra > claims.expiresAt * 1000) {
    found.push(`the token had expired ${seconds(entra - claims.expiresAt * 1000)} before Entra saw it`);
  }
  return found.length > 0 ? found : ["the clocks of the runner and of Entra agree within 30 s"];
}

function seconds(milliseconds: number): string {
  return `${Math.round(Math.abs(milliseconds) / 1000)} s`;
}
