import { describe, expect, test } from "@jest/globals";
import { type IdentityFacts, listIdentityFindings } from "../../src/helm/workload-identity.ts";
import { deployment, objectsOf } from "./manifests.ts";

const ID = "11111111-2222-3333-4444-555555555555";
const ISSUER = "https://westeurope.oic.prod-aks.azure.com/t/c/";
const LABELS = '{app: api, azure.workload.identity/use: "true"}';
const account = (metadata: string): string => `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: ${metadata}\n`;
const ANNOTATED = account(`{name: api, annotations: {azure.workload.identity/client-id: ${ID}}}`);
const WIRED = ANNOTATED + deployment({ pod: "serviceAccountName: api", labels: LABELS });
const FEDERATED = {
  issuer: ISSUER,
  subject: "system:serviceaccount:pr-12:api",
  audiences: ["api://AzureADTokenExchange"],
};

const find = (yaml: string, facts: Partial<IdentityFacts> = {}): readonly string[] =>
  listIdentityFindings({
    objects: objectsOf(yaml).map(({ object }) => object),
    namespace: "pr-12",
    clientIds: [ID],
    federated: new Map([[ID, [FEDERATED]]]),
    issuer: ISSUER,
    ...facts,
  }).map(({ code, message }) => `${code}: ${message}`);

describe("a workload's identity", () => {
  test("that is wired up gives no finding, also where nobody may look into Azure", () => {
    expect(find(WIRED)).toEqual([]);
    expect(find(WIRED, { federated: new Map(), issuer: undefined })).toEqual([]);
    expect(find(deployment({}), { clientIds: [] })).toEqual([]);
  });

  test.each<readonly [string, string, Partial<IdentityFacts>, RegExp]>([
    [
      "the pod lacks the label",
      ANNOTATED + deployment({ pod: "serviceAccountName: api" }),
      {},
      /^identity-label-missing: Deployment\/api runs as service account api/,
    ],
    [
      "the label stands on the Deployment",
      ANNOTATED +
        deployment({ pod: "serviceAccountName: api" }).replace("{name: api}", `{name: api, labels: ${LABELS}}`),
      {},
      /^identity-label-missing: .*which Deployment\/api itself has/,
    ],
    ["the label says something else", WIRED.replace('"true"', '"yes"'), {}, /^identity-label-missing/],
    [
      "the account names nobody",
      account("{name: api}") + deployment({ pod: "serviceAccountName: api", labels: LABELS }),
      { clientIds: [] },
      /^identity-annotation-missing: The pods of Deployment\/api/,
    ],
    [
      "a client id got nowhere",
      deployment({}),
      {},
      /^identity-annotation-missing: No service account of the chart carries/,
    ],
    [
      "the identity trusts nobody",
      WIRED,
      { federated: new Map([[ID, []]]) },
      /^identity-not-federated: .*\(it has: none\)/,
    ],
    [
      "the identity trusts another namespace",
      WIRED,
      { federated: new Map([[ID, [{ ...FEDERATED, subject: "system:serviceaccount:pr-1:api" }]]]) },
      /^identity-not-federated: .*subject system:serviceaccount:pr-12:api/,
    ],
    [
      "a slash is missing",
      WIRED,
      { federated: new Map([[ID, [{ ...FEDERATED, issuer: ISSUER.slice(0, -1) }]]]) },
      /a slash at the end counts/,
    ],
    [
      "the audience is another",
      WIRED,
      { federated: new Map([[ID, [{ ...FEDERATED, audiences: ["api://x"] }]]]) },
      /audience api:\/\/x/,
    ],
  ])("is told when %s", (_, yaml, facts, words) => {
    expect(find(yaml, facts)).toEqual([expect.stringMatching(words)]);
  });

  test("belongs to the account of its own namespace", () => {
    const elsewhere = ANNOTATED.replace("{name: api,", "{name: api, namespace: other,");
    expect(find(elsewhere + deployment({ pod: "serviceAccountName: api" }))).toEqual([
      expect.stringMatching(/subject system:serviceaccount:other:api/),
    ]);
  });
});
