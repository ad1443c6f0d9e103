import { describe, expect, test } from "@jest/globals";
import { AADSTS, ENTRA_MEANINGS } from "../../src/oidc/entra-codes.ts";
import { explainAnswer, parseEntraAnswer, type Refusal } from "../../src/oidc/refusal.ts";
import { renderRefusal } from "../../src/oidc/render-refusal.ts";
import { makeClaims } from "./claims.ts";

const NOW = new Date("2026-11-21T10:00:00Z");

function refuse(
  aadsts: number | undefined,
  change: Partial<Omit<Refusal, "answer">> & { words?: string; at?: Date } = {},
): Refusal {
  const description = change.words ?? "Something. Trace ID: t-1";
  const body = JSON.stringify({
    error: "invalid_client",
    error_description: aadsts === undefined ? description : `AADSTS${aadsts}: ${description}`,
    trace_id: "t-1",
    correlation_id: "c-1",
  });
  const date = (change.at ?? NOW).toUTCString();
  const answer = parseEntraAnswer(401, body, (name) => (name === "date" ? date : undefined));
  const attempt = {
    tenantId: "tenant",
    clientId: "client",
    cloud: "public",
    usualAudience: "api://AzureADTokenExchange",
    claims: makeClaims({ issuedAt: NOW.getTime() / 1000, expiresAt: NOW.getTime() / 1000 + 300 }),
  };
  return { attempt, answer, meaning: explainAnswer(answer), receivedAt: NOW, ...change };
}

const render = (...given: Parameters<typeof refuse>) => renderRefusal(refuse(...given));

describe("a refusal by Entra", () => {
  test.each(AADSTS)("AADSTS%d says what happened, what to do and whom to ask, in one annotation", (aadsts) => {
    const text = render(aadsts);
    const { cause, mend } = ENTRA_MEANINGS[aadsts];
    expect(text).toContain(cause);
    expect(text).toContain(`To do: ${mend}`);
    expect(text).toContain(`(AADSTS${aadsts})`);
    expect(text).toContain("trace t-1, correlation c-1");
    expect(Buffer.byteLength(text)).toBeLessThan(4096);
  });

  test("reads the number from error_codes, or from the words where a server leaves them out", () => {
    const read = (body: unknown) => parseEntraAnswer(400, JSON.stringify(body), () => undefined).aadsts;
    expect(read({ error_codes: [700213], error_description: "AADSTS1: x" })).toBe(700213);
    expect(read({ error_description: "AADSTS90002: Tenant 'x' not found.\r\nTrace ID: 1" })).toBe(90002);
    expect(read({ error: "invalid_client" })).toBeUndefined();
  });

  test("keeps the code entra-refused for a number that nobody explained, with Entra's own words", () => {
    const refusal = refuse(999999, { words: "A new reason. Trace ID: t" });
    expect(refusal.meaning.code).toBe("entra-refused");
    expect(renderRefusal(refusal)).toContain("Entra's words: AADSTS999999: A new reason.");
  });

  test("of the subject shows it, and every difference where Entra names the one needed", () => {
    expect(render(700213)).toContain("Presented subject: repo:octo@1/app@2:environment:preview");
    const text = render(7002137, {
      words: "Please make sure the federated identity credential Subject is 'repo:octo/app:environment:preview'.",
    });
    expect(text).toContain("Needed subject: repo:octo/app:environment:preview");
    expect(text).toContain("Presented is immutable (with ids), needed is classic (without ids).");
  });

  test("of the audience names the cloud's usual one", () => {
    const refusal = refuse(700212);
    const claims = makeClaims({ audience: "api://other" });
    const text = renderRefusal({ ...refusal, attempt: { ...refusal.attempt, claims } });
    expect(text).toContain("Presented audience: api://other");
    expect(text).toContain("usually api://AzureADTokenExchange in cloud public");
  });

  test.each([
    ["https://token.actions.githubusercontent.com", "no slash"],
    ["https://token.actions.githubusercontent.com/octocorp", "include_enterprise_slug"],
    ["https://ghes.example.com/_services/token", "your GitHub server"],
  ])("of issuer %s says %s", (issuer, words) => {
    const refusal = refuse(700211);
    const text = renderRefusal({ ...refusal, attempt: { ...refusal.attempt, claims: makeClaims({ issuer }) } });
    expect(text).toContain(`Presented issuer: ${issuer}`);
    expect(text).toContain(words);
  });

  test("of the time compares the clocks of runner, Entra and GitHub", () => {
    const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    expect(render(700024)).toContain("agree within 30 s");
    expect(render(700024, { receivedAt: later(600) })).toContain("The runner's clock is 600 s ahead of Entra's.");
    expect(render(700024, { receivedAt: later(-600) })).toContain("600 s behind Entra's");
    expect(render(700024, { at: later(-90) })).toContain("Entra's clock is 90 s before the token was issued");
    expect(render(700024, { at: later(420), receivedAt: later(420) })).toContain("expired 120 s before Entra saw it");
  });
});
