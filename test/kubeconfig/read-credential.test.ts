import { describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { listSecrets, readCredential } from "../../src/kubeconfig/read-credential.ts";
import { renderKubeconfig, type StaticCredential } from "../../src/kubeconfig/render-kubeconfig.ts";

const KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n";
const fields: StaticCredential = {
  token: "a-token",
  "client-certificate-data": "Q0VSVA==",
  "client-key-data": Buffer.from(KEY).toString("base64"),
};
const place = { server: "https://a.example:443", certificateAuthority: "PEM", namespace: undefined };

describe("the credential of a kubeconfig", () => {
  test("is the current context's, as it was written", () => {
    expect(readCredential(renderKubeconfig({ name: "a", ...place, user: { kind: "static", fields } }))).toEqual(fields);
  });

  test("is not another user's", () => {
    const users = [
      { name: "one", user: { token: "1" } },
      { name: "two", user: { token: "2" } },
    ];
    const contexts = [{ name: "x", context: { user: "two" } }];
    expect(readCredential(stringify({ users, contexts, "current-context": "x" }))).toEqual({ token: "2" });
    expect(readCredential(stringify({ users, contexts, "current-context": "y" }))).toBeUndefined();
  });

  test.each([
    [
      "a user who is asked for elsewhere",
      stringify({ users: [{ name: "a", user: { exec: { command: "kubelogin" } } }] }),
    ],
    ["what is no kubeconfig", "users: 1"],
    ["what is no YAML", "{ token: 'x"],
    ["nothing", ""],
  ])("is none in %s", (_, text) => {
    expect(readCredential(text)).toBeUndefined();
  });

  test("has its secrets listed, the key also as clients decode it", () => {
    expect(listSecrets({ ...fields, username: "admin", password: "p4ss" })).toEqual([
      "a-token",
      "p4ss",
      fields["client-key-data"],
      KEY,
    ]);
    expect(listSecrets({ "client-certificate-data": "Q0VSVA==" })).toEqual([]);
  });
});
