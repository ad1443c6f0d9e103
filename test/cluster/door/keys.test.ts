import { expect, test } from "@jest/globals";
import type { Attachment } from "./attachments.ts";
import { authenticationConfig, issuerOf, listTenants } from "./authentication-config.ts";
import { answerKeys } from "./keys.ts";

const DOOR = "10.245.0.1";
const vouch = (...tenants: NonNullable<Attachment["tenants"]>): Attachment => ({ owner: "1@1", at: 1, tenants });
const all = [
  vouch({ id: "one", keys: [{ kid: "a" }] }),
  vouch({ id: "one", keys: [{ kid: "b" }] }, { id: "two", keys: [{ kid: "c" }] }),
];

test("a tenant's keys are those of everybody who vouches for it", () => {
  expect(answerKeys(all, DOOR, "/one/keys")).toEqual({ status: 200, body: { keys: [{ kid: "a" }, { kid: "b" }] } });
  expect(answerKeys(all, DOOR, "/two/keys")).toEqual({ status: 200, body: { keys: [{ kid: "c" }] } });
  expect(answerKeys(all, DOOR, "/three/keys")).toEqual({ status: 200, body: { keys: [] } });
});

test("an issuer's description leads to its keys, from where the API server is told to look", () => {
  const config = JSON.stringify(authenticationConfig(["one"], DOOR, "PEM"));
  const { jwt } = JSON.parse(config) as {
    readonly jwt: readonly { readonly issuer: { readonly discoveryURL: string } }[];
  };
  const described = answerKeys(all, DOOR, new URL(jwt[0]?.issuer.discoveryURL ?? "").pathname);
  expect(described.body).toMatchObject({ issuer: issuerOf("one"), jwks_uri: `https://${DOOR}:8443/one/keys` });
  expect(listTenants(config)).toEqual(["one"]);
});

test("other paths are not there", () => {
  expect(answerKeys(all, DOOR, "/one/../keys/x").status).toBe(404);
});
