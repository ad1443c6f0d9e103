import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chooseProxy } from "../../src/kit/choose-proxy.ts";

const PROXY = "http://proxy.example:3128";
const choose = (server: string, noProxy: string): string | undefined =>
  chooseProxy(new URL(server), { HTTPS_PROXY: PROXY, NO_PROXY: noProxy });

describe("the way to a server", () => {
  test.each([
    // The table of golang.org/x/net/http/httpproxy, proxy_test.go.
    ["localhost", "*", false],
    ["127.0.0.1", "", false],
    ["127.0.0.2", "", false],
    ["[::1]", "", false],
    ["[::2]", "", true],
    ["192.168.1.1", "192.168.1.1", false],
    ["192.168.1.2", "192.168.1.1", true],
    ["192.168.1.3", "192.168.1.0/24", false],
    ["192.168.2.3", "192.168.1.0/24", true],
    ["[2001:db8::52:0:1]", "2001:db8::52:0:1", false],
    ["[2001:db8::52:0:2]", "2001:db8::52:0:1", true],
    ["[2002:db8:a::45]", "2002:db8:a::45/64", false],
    ["[2002:db8:b:835::45]", "2002:db8:a::45/64", true],
    ["foo.com", "foo.com", false],
    ["bar.foo.com", "foo.com", false],
    ["bar.foo.com", ".foo.com", false],
    ["foo.com", ".foo.com", true],
    ["foo.com", "*.foo.com", true],
    ["bar.foo.com", "*.foo.com", false],
    ["notfoo.com", "foo.com", true],
    ["FOO.com", "foo.COM", false],
    ["foo.com", "bar.com, foo.com ,", false],
    ["foo.com", "foo.com:443", false],
    ["foo.com", "foo.com:8443", true],
    ["10.0.0.1", "10.0.0.1:443", false],
    ["10.0.0.1", "10.0.0.1:444", true],
    ["[fe80::1]", "[fe80::1]:443", false],
    ["foo.com", "*", false],
    ["10.0.0.1", "10.0.0.0/33", true],
    ["10.0.0.1", "nonsense/8", true],
    ["foo.com", "10.0.0.0/8,::/0", true],
    ["x.hcp.westeurope.azmk8s.io", ".azmk8s.io", false],
    ["münchen.example", "münchen.example", false],
  ])("to %s with NO_PROXY=%j goes through the proxy: %s", (host, noProxy, through) => {
    expect(choose(`https://${host}`, noProxy)).toBe(through ? PROXY : undefined);
  });

  test("is told in upper case first, per scheme, and without a scheme of its own means http", () => {
    const server = new URL("https://foo.com");
    expect(chooseProxy(server, {})).toBeUndefined();
    expect(chooseProxy(server, { https_proxy: "lower:1" })).toBe("http://lower:1");
    expect(chooseProxy(server, { https_proxy: "lower:1", HTTPS_PROXY: "upper:1" })).toBe("http://upper:1");
    expect(chooseProxy(server, { HTTP_PROXY: "plain:1" })).toBeUndefined();
    expect(chooseProxy(server, { HTTPS_PROXY: "", https_proxy: PROXY, no_proxy: "foo.com" })).toBeUndefined();
  });

  test("is direct for every address inside a network that is left out, and only for these", () => {
    const address = fc.nat({ max: 2 ** 32 - 1 });
    const text = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, host, bits) => {
        fc.pre(host >>> 24 !== 127);
        const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
        const inside = (network & mask) >>> 0 === (host & mask) >>> 0;
        expect(choose(`https://${text(host)}`, `${text(network)}/${bits}`) === undefined).toBe(inside);
      }),
    );
  });

  test("is direct for a domain and what is below it, whatever else is listed", () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,5}[a-z0-9])?$/);
    const domain = fc.tuple(label, fc.constantFrom("com", "example", "io")).map((parts) => parts.join("."));
    fc.assert(
      fc.property(domain, label, domain, fc.array(domain, { maxLength: 3 }), (left, below, asked, others) => {
        const list = [...others, left].join(",");
        expect(choose(`https://${below}.${left}`, list)).toBeUndefined();
        const fits = [...others, left].some((each) => asked === each || asked.endsWith(`.${each}`));
        expect(choose(`https://${asked}`, list) === undefined).toBe(fits);
      }),
    );
  });
});
