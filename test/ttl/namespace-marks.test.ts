import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseExpiry } from "../../src/ttl/expiry.ts";
import type { NamespaceFacts } from "../../src/ttl/namespace.ts";
import { decideMarking, explainKeep, type MarkOrder } from "../../src/ttl/namespace-marks.ts";

const IDENTITY = { "mayfly-environment": "pr-12", "mayfly-repository-id": "4711" };
const MARKS = { "auto-destroy": "true", ...IDENTITY };
const ORDER: MarkOrder = {
  name: "shop-pr-12",
  identity: IDENTITY,
  notes: { "mayfly-repository": "octo/shop" },
  expiresAt: new Date("2026-11-22T18:00:00Z"),
};

const found = (more: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  name: ORDER.name,
  uid: "u1",
  resourceVersion: "7",
  labels: MARKS,
  annotations: {},
  deleting: false,
  ...more,
});

const labels = fc.dictionary(
  fc.constantFrom("auto-destroy", "Auto-Destroy", ...Object.keys(IDENTITY), "team"),
  fc.constantFrom("true", "false", "pr-12", "pr-13", "4711", ""),
);
const ends = fc.constantFrom("", "soon", "2026-11-21T18:00:00Z", "2026-11-23T18:00:00+02:00", "2030-01-01T00:00:00Z");

describe("marks of a namespace", () => {
  test("are never written on one that does not name this environment and repository already", () => {
    fc.assert(
      fc.property(labels, ends, (own, end) => {
        const marking = decideMarking(ORDER, found({ labels: own, annotations: { "expires-at": end } }));
        const ours = Object.entries(IDENTITY).every(([key, value]) => own[key] === value);
        expect(marking.kind).toBe(ours ? "mark" : "refuse");
      }),
    );
  });

  test("never bring an end forward, and are always a date that the reaper reads", () => {
    fc.assert(
      fc.property(
        ends,
        fc.date({ min: new Date("2026-01-01"), max: new Date("2031-01-01"), noInvalidDate: true }),
        (end, at) => {
          const before = { "expires-at": end };
          const marking = decideMarking({ ...ORDER, expiresAt: at }, found({ annotations: before }));
          if (marking.kind !== "mark") throw new Error(marking.kind);
          const read = parseExpiry({ ...before, ...marking.annotations }["expires-at"]);
          const live = parseExpiry(end);
          if (!("at" in read)) throw new Error(read.problem);
          // The annotation has whole seconds.
          expect(read.at.getTime()).toBeGreaterThanOrEqual(Math.floor(at.getTime() / 1_000) * 1_000);
          if ("at" in live) expect(read.at.getTime()).toBeGreaterThanOrEqual(live.at.getTime());
        },
      ),
    );
  });

  test("are all there from the first moment of one that is made", () => {
    expect(decideMarking(ORDER, undefined)).toEqual({
      kind: "make",
      labels: MARKS,
      annotations: { "expires-at": "2026-11-22T18:00:00Z", "mayfly-repository": "octo/shop" },
      expiresAt: ORDER.expiresAt,
    });
  });

  test("leave alone what is as it should be", () => {
    const annotations = { "expires-at": "2026-11-22T20:00:00+02:00", "mayfly-repository": "octo/shop", own: "1" };
    expect(decideMarking(ORDER, found({ annotations }))).toMatchObject({ kind: "mark", annotations: {} });
  });

  test.each(["default", "kube-system", "kube-public", "gatekeeper-system", "aks-istio-system"])(
    "are never written on %s, and never let it go",
    (name) => {
      for (const there of [undefined, found({ name })]) {
        expect(decideMarking({ ...ORDER, name }, there).kind).toBe("refuse");
      }
      expect(explainKeep(IDENTITY, found({ name }))).toBeDefined();
    },
  );
});

test("a namespace goes with its environment only where every mark says so", () => {
  fc.assert(
    fc.property(labels, (own) => {
      const goes = Object.entries(MARKS).every(([key, value]) => own[key] === value);
      expect(explainKeep(IDENTITY, found({ labels: own })) === undefined).toBe(goes);
    }),
  );
  expect(explainKeep(IDENTITY, found())).toBeUndefined();
});
