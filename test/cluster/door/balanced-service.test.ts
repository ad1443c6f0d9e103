import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type BalancedService, chooseAddress, isBalanced, listTaken } from "./balanced-service.ts";

const service = (spec: BalancedService["spec"], more: Partial<BalancedService["metadata"]> = {}): BalancedService => ({
  metadata: { namespace: "shop", name: "web", ...more },
  spec,
});

describe("an address for a Service", () => {
  test("is one of the network that nobody has, or there is none left", () => {
    const bytes = fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { maxLength: 254 });
    fc.assert(
      fc.property(bytes, (taken) => {
        const chosen = chooseAddress(
          "10.246.3.0/24",
          taken.map((byte) => `10.246.3.${byte}`),
        );
        if (taken.length === 254) expect(chosen).toBeUndefined();
        else expect(taken.map((byte) => `10.246.3.${byte}`)).not.toContain(chosen);
        expect(chosen ?? "10.246.3.1").toMatch(/^10\.246\.3\.(?:[1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/);
      }),
    );
  });

  test("is for those of type LoadBalancer that stay and leave the class to the cloud", () => {
    expect(isBalanced(service({ type: "LoadBalancer" }))).toBe(true);
    expect(isBalanced(service({ type: "ClusterIP" }))).toBe(false);
    expect(isBalanced(service({}))).toBe(false);
    expect(isBalanced(service({ type: "LoadBalancer", loadBalancerClass: "example.com/own" }))).toBe(false);
    expect(isBalanced(service({ type: "LoadBalancer" }, { deletionTimestamp: "2026-11-22T00:00:00Z" }))).toBe(false);
  });

  test("stays taken for as long as the Service says so, whatever its type is by now", () => {
    const has = { ...service({ type: "ClusterIP" }), status: { loadBalancer: { ingress: [{ ip: "10.246.3.1" }] } } };
    expect(listTaken([has, service({ type: "LoadBalancer" })])).toEqual(["10.246.3.1"]);
  });
});
