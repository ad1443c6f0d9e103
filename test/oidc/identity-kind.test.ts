import { describe, expect, test } from "@jest/globals";
import { readIdentity } from "../../src/oidc/identity-kind.ts";

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const hours = (count: number) => ({ iat: 1_000_000, exp: 1_000_000 + count * 3600 });

describe("the kind of an identity", () => {
  test.each([
    ["managed-identity", { xms_mirid: "/subscriptions/s/x", idtyp: "app", ...hours(1) }],
    ["managed-identity", { idtyp: "app", ...hours(24) }],
    ["application", { idtyp: "app", ...hours(1.25) }],
    ["unknown", { idtyp: "user", ...hours(1) }],
    ["unknown", {}],
  ])("is %s for %j", (kind, claims) => expect(readIdentity(token(claims)).kind).toBe(kind));

  test("of a token that cannot be read is unknown, and nothing else is claimed", () => {
    const nothing = { kind: "unknown", objectId: undefined, tenantId: undefined, resourceId: undefined };
    for (const text of ["", "opaque", "a.b.c", "a.bnVsbA.c"]) expect(readIdentity(text)).toEqual(nothing);
  });
});
