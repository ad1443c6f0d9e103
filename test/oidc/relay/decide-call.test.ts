import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Call, decideCall } from "../../../src/oidc/relay/decide-call.ts";

const door = { port: 4711, secret: "s3cret-of-the-relay" };
const right: Call = {
  method: "GET",
  target: "/idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
  host: "127.0.0.1:4711",
  authorization: `Bearer ${door.secret}`,
};
const statusOf = (change: Partial<Call>): number => {
  const verdict = decideCall({ ...right, ...change }, door);
  return verdict.kind === "token" ? 200 : verdict.status;
};

test("who knows the secret gets a token for the audience that it names, or for GitHub's own", () => {
  expect(decideCall(right, door)).toEqual({ kind: "token", audience: "api://AzureADTokenExchange" });
  expect(decideCall({ ...right, target: "/idtoken" }, door)).toEqual({ kind: "token", audience: undefined });
  expect(decideCall({ ...right, target: "/idtoken?audience=a+b%26c" }, door)).toEqual({
    kind: "token",
    audience: "a b&c",
  });
  expect(decideCall({ ...right, host: "LocalHost:4711" }, door)).toMatchObject({ kind: "token" });
});

describe("nobody else does", () => {
  test.each([
    ["another secret", { authorization: "Bearer other" }, 401],
    ["a beginning of the secret", { authorization: right.authorization.slice(0, -1) }, 401],
    ["more than the secret", { authorization: `${right.authorization}x` }, 401],
    ["the secret without a scheme", { authorization: door.secret }, 401],
    ["no secret", { authorization: "" }, 401],
    ["another path", { target: "/" }, 404],
    ["a path with more", { target: "/idtoken/x" }, 404],
    ["a path that leads back", { target: "/x/../idtoken" }, 404],
    ["another server's address", { target: "http://127.0.0.1:4711/idtoken" }, 404],
    ["a name that resolves to loopback", { host: "evil.example:4711" }, 404],
    ["a name that begins like loopback", { host: "127.0.0.1.evil.example:4711" }, 404],
    ["another port's page", { host: "127.0.0.1:80" }, 404],
    ["no host", { host: "" }, 404],
    ["POST", { method: "POST" }, 405],
    ["HEAD", { method: "HEAD" }, 405],
    ["OPTIONS, as a browser asks first", { method: "OPTIONS" }, 405],
    ["two audiences", { target: "/idtoken?audience=a&audience=b" }, 400],
    ["an audience without end", { target: `/idtoken?audience=${"a".repeat(3_000)}` }, 400],
  ])("with %s", (_, change, status) => expect(statusOf(change)).toBe(status));

  test("not even with the right secret, from a host that is not loopback", () => {
    fc.assert(
      fc.property(fc.webAuthority(), (host) => {
        fc.pre(!["127.0.0.1:4711", "localhost:4711"].includes(host.toLowerCase()));
        expect(statusOf({ host })).toBe(404);
      }),
    );
  });

  test("whatever else they try: only the whole secret opens", () => {
    const odd = fc.oneof(fc.string(), fc.constantFrom(door.secret, "Bearer ", `bearer ${door.secret}`, "Bearer  "));
    fc.assert(
      fc.property(odd, odd, odd, (authorization, target, method) => {
        const verdict = decideCall({ ...right, authorization, target, method }, door);
        expect(verdict.kind).toBe("refuse");
      }),
    );
  });
});
