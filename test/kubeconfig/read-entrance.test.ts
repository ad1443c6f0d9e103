import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { readEntrance } from "../../src/kubeconfig/read-entrance.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n";
const server = "https://shop-0a1b.hcp.westeurope.azmk8s.io:443";
const cluster = (name: string, fields: object = {}) => ({
  name,
  cluster: { server, "certificate-authority-data": Buffer.from(PEM).toString("base64"), ...fields },
});

describe("the entrance in a kubeconfig", () => {
  test("is the current context's, whatever else is in there", () => {
    const config = {
      clusters: [cluster("other", { server: "https://other:443" }), cluster("shop")],
      contexts: [{ name: "now", context: { cluster: "shop", user: "u" } }],
      "current-context": "now",
      users: [{ name: "u", user: { token: "s3cret" } }],
    };
    expect(readEntrance(stringify(config))).toEqual({ server, certificateAuthority: PEM });
  });

  test("is the only cluster's where no context leads anywhere", () => {
    expect(readEntrance(stringify({ clusters: [cluster("shop")] }))).toMatchObject({ server });
  });

  test.each([
    ["", "it names no cluster"],
    ["clusters: [", "it names no cluster"],
    [stringify({ clusters: [cluster("a"), cluster("b")] }), "it names no cluster"],
    [stringify({ clusters: [cluster("a", { server: "http://plain:80" })] }), "its server is no https address"],
    [stringify({ clusters: [cluster("a", { server: 5 })] }), "its server is no https address"],
    [
      stringify({ clusters: [cluster("a", { "certificate-authority-data": "bm9uZQ==" })] }),
      "it has no certificate authority",
    ],
  ])("is not in %j: %s", (text, because) => {
    expect(readEntrance(text)).toBe(because);
  });

  test("never is a credential, nor quotes the text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), (secret, junk) => {
        const text = `${junk}\nusers:\n- user: {token: "TOKEN${Buffer.from(secret).toString("hex")}"}\n`;
        expect(JSON.stringify(readEntrance(text))).not.toContain("TOKEN");
      }),
    );
  });
});
