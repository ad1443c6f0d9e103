import { describe, expect, test } from "@jest/globals";
import * as v from "valibot";
import { nameCheck } from "../../src/smoke/name-check.ts";
import { CHECK_KINDS, type CheckKind } from "../../src/smoke/spec/check-kinds.ts";

const NAMES: readonly (readonly [CheckKind, unknown, string])[] = [
  ["resources", { apiVersion: "v1", kind: "Pod", exists: true }, "resources Pod"],
  ["resources", { apiVersion: "v1", kind: "Pod", selector: "app=a", exists: true }, "resources Pod app=a"],
  ["http", { url: "http://a/", status: 200 }, "http http://a/"],
  ["tcp", { address: "a:1" }, "tcp a:1"],
  ["dns", { name: "a", type: "TXT" }, "dns TXT a"],
  ["exec", { pod: "a", container: "b", command: ["sh", "-c", "a\n b"] }, "exec a b: sh -c a b"],
  ["env", { selector: "app=a", variables: ["A"] }, "env app=a"],
  ["limits", { workload: "job/a", cpu: 1 }, "limits job/a"],
  ["logs", { pod: "a", contains: "b" }, "logs a"],
  ["metrics", { url: "http://a/metrics", samples: [{ name: "up" }] }, "metrics http://a/metrics"],
  ["events", { reason: "BackOff", involvedObject: { kind: "Pod", name: "a" } }, "events Warning BackOff Pod a"],
  ["helm", {}, "helm"],
  ["helm", { release: "web", test: true }, "helm web test"],
  ["nats", { server: "a:1", stream: { name: "S" } }, "nats stream S"],
  ["nats", { server: "a:1", consumer: { stream: "S", name: "c" } }, "nats consumer S c"],
  ["nats", { server: "a:1", subscribe: { subject: "s", as: "x" } }, "nats subscribe s"],
  ["nats", { server: "a:1", publish: { subject: "s" } }, "nats publish s"],
  ["nats", { server: "a:1", received: { subscription: "x" } }, "nats received x"],
  ["nats", { server: "a:1", request: { subject: "s" } }, "nats request s"],
  ["keda", { scaledJob: "a" }, "keda ScaledJob a"],
  ["coldstart", { scaledObject: "a", budget: { total: "1m" } }, "coldstart a"],
  ["workloadIdentity", { serviceAccount: "a" }, "workloadIdentity a"],
];

describe("a check without a name", () => {
  test.each(NAMES)("of the kind %s with %j is called %j", (kind, given, name) => {
    const payload = v.parse(CHECK_KINDS[kind], given);
    expect(nameCheck(kind, payload as never, false)).toBe(name);
    expect(nameCheck(kind, payload as never, true)).toBe(`error ${name}`);
  });

  test("has one whatever its kind is, and not a long one", () => {
    expect(new Set(NAMES.map(([kind]) => kind)).size).toBe(Object.keys(CHECK_KINDS).length);
    expect(nameCheck("tcp", { address: `${"a".repeat(500)}:1` }, false)).toHaveLength(100);
  });
});
