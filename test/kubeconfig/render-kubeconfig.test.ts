import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { CREDENTIAL_FIELDS, type KubeconfigOrder, renderKubeconfig } from "../../src/kubeconfig/render-kubeconfig.ts";
import { anyCharacter } from "../any-character.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** Texts that somebody's YAML would take for something else, and any other. */
const anyText = fc.oneof(
  fc.constantFrom("no", "on", "~", "null", "0x1F", "0777", "1e3", "12:30:45", "2026-11-21", "a;b", "a: b", "- a", "#"),
  fc.constantFrom("<<", "=", "&a", "*a", "!!str x", "{{x}}", "a\n  b: c", '"', "'", "\\", "\u2028", "\u0085", "\ufeff"),
  fc.string({ unit: anyCharacter }).filter((each) => each.isWellFormed()),
);

const anyOrder: fc.Arbitrary<KubeconfigOrder> = fc.record({
  name: anyText,
  server: anyText,
  certificateAuthority: anyText,
  namespace: fc.option(anyText, { nil: undefined }),
  user: fc.oneof(
    fc.record({
      kind: fc.constant("exec" as const),
      command: anyText,
      args: fc.array(anyText),
      environment: fc.dictionary(anyText, anyText),
      installHint: anyText,
    }),
    fc.record({
      kind: fc.constant("static" as const),
      fields: fc.dictionary(fc.constantFrom(...CREDENTIAL_FIELDS), anyText),
    }),
  ),
});

interface Read {
  readonly clusters: readonly [{ readonly name: string; readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly [{ readonly name: string; readonly user: Readonly<Record<string, unknown>> }];
  readonly contexts: readonly [{ readonly name: string; readonly context: Readonly<Record<string, string>> }];
  readonly "current-context": string;
}

describe("a kubeconfig", () => {
  test.each(["1.1", "1.2"] as const)("holds what it was given, read as YAML %s, whatever the names are", (version) => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const read = parse(renderKubeconfig(order), { version, maxAliasCount: 0 }) as Read;
        const [{ name, cluster }] = read.clusters;
        const [{ user }] = read.users;
        const [{ context }] = read.contexts;
        expect([name, read.users[0].name, read.contexts[0].name, read["current-context"]]).toEqual(
          Array(4).fill(order.name),
        );
        expect(cluster["server"]).toBe(order.server);
        expect(Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString()).toBe(
          order.certificateAuthority,
        );
        expect(context).toEqual({
          cluster: order.name,
          user: order.name,
          ...(order.namespace === undefined ? {} : { namespace: order.namespace }),
        });
        if (order.user.kind === "static") expect(Object.entries(user)).toEqual(Object.entries(order.user.fields));
        else {
          const { command, args, environment, installHint } = order.user;
          const env = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
          expect(user["exec"]).toEqual({
            apiVersion: "client.authentication.k8s.io/v1",
            command,
            args,
            env,
            interactiveMode: "Never",
            provideClusterInfo: false,
            installHint,
          });
        }
      }),
    );
  });

  test("is one that a person can read", () => {
    const text = renderKubeconfig({
      name: "shop",
      server: "https://shop.hcp.westeurope.azmk8s.io:443",
      certificateAuthority: PEM,
      namespace: "pr-7",
      user: { kind: "exec", command: "/node", args: ["/plugin"], environment: { A: "yes" }, installHint: "Run it." },
    });
    expect(text.split("\n").slice(0, 8)).toEqual([
      'apiVersion: "v1"',
      'kind: "Config"',
      "clusters:",
      '  - name: "shop"',
      "    cluster:",
      '      server: "https://shop.hcp.westeurope.azmk8s.io:443"',
      `      certificate-authority-data: "${Buffer.from(PEM).toString("base64")}"`,
      "users:",
    ]);
    expect(text).toContain('          - name: "A"\n            value: "yes"\n');
  });
});
