import { describe, expect, test } from "@jest/globals";
import { findMeaning, UNKNOWN_REFUSAL } from "../../src/oidc/entra-codes.ts";
import { explainWorkload, type KnownCredential, type KnownCredentials } from "../../src/oidc/explain-workload.ts";

const claims = {
  issuer: "https://westeurope.oic.prod-aks.azure.com/t/c/",
  subject: "system:serviceaccount:shop:worker",
  audience: "api://AzureADTokenExchange",
};
const identityId =
  "/subscriptions/s/resourceGroups/my group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/workload";
const credential = (given: Partial<KnownCredential> = {}): KnownCredential => ({
  name: "kube",
  issuer: claims.issuer,
  subject: claims.subject,
  audiences: [claims.audience],
  ...given,
});
const explain = (aadsts: number, known: readonly KnownCredential[] | KnownCredentials) =>
  explainWorkload({
    meaning: findMeaning(aadsts) ?? UNKNOWN_REFUSAL,
    answer: { aadsts, status: 401, description: "AADSTS: in Entra's words" },
    clientId: "c",
    claims,
    known: "because" in known || "credentials" in known ? known : { identityId, credentials: known },
  });

describe("a service account's token that Entra does not take", () => {
  test.each([
    [700211, { issuer: claims.issuer.slice(0, -1) }, "issuer", "They differ in the slash at the end, which counts."],
    [700213, { subject: "system:serviceaccount:shop:Worker" }, "subject", "They differ: only in upper and lower case"],
    [
      700212,
      { audiences: ["api://other"] },
      "audience",
      "has the audience api://AzureADTokenExchange, the credential api://other.",
    ],
    [70021, { audiences: [], subject: "x" }, "subject and audience", "the credential none."],
  ])("AADSTS%d names the claim that differs, both sides, and the line that mends it", (aadsts, given, claim, told) => {
    const text = explain(aadsts, [
      credential({ name: "far", issuer: "i", subject: "s", audiences: [] }),
      credential(given),
    ]);
    const [first = "", ...rest] = text.split("\n");
    expect(first).toBe(
      `The federated credential "kube" of the identity c differs from the service account's token (AADSTS${aadsts}) in ${claim}.`,
    );
    expect(text).toContain(told);
    expect(rest.at(-1)).toBe(
      `To do: az identity federated-credential update --name kube --identity-name workload --resource-group 'my group' --issuer ${claims.issuer} --subject ${claims.subject} --audiences ${claims.audience}`,
    );
  });

  test("finds an identity without any credential, and gives the line that makes one", () => {
    expect(explain(70021, [])).toMatch(
      /no federated credential at all[\s\S]*federated-credential create --name kubernetes /,
    );
  });

  test("says what it presented where nobody may read the credentials", () => {
    const text = explain(700213, { because: "the job has no login in Azure" });
    expect(text).toContain(`(AADSTS700213): subject ${claims.subject}.`);
    expect(text).toContain("What it takes is not known here: the job has no login in Azure.");
  });

  test("may be on its way where a credential has just these claims", () => {
    expect(explain(700213, [credential()])).toContain("may be on its way");
  });

  test("for any other reason is told in Entra's words", () => {
    expect(explain(700016, [])).toMatch(
      /no identity with this client id \(AADSTS700016\)\.\nEntra's words: AADSTS: in/,
    );
  });
});
