import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Change } from "../../src/kubernetes/cluster.ts";
import { createKnownObjects } from "../../src/kubernetes/known-objects.ts";
import type { KubeObject } from "../../src/kubernetes/kube-object.ts";

const at = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "n", uid, resourceVersion },
});

/** What happens in a cluster, and when the follower sees it. */
type Step = { readonly name: string; readonly do: "make" | "change" | "delete" | "remake" } | "gap" | "back";

const STEP = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom("a", "b", "c"),
      do: fc.constantFrom("make" as const, "change" as const, "delete" as const, "remake" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant("gap" as const) },
  { weight: 1, arbitrary: fc.constant("back" as const) },
);

describe("what a follower is told", () => {
  test("is in the end what is there, with each object's life in order, whatever gaps there were", () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 60 }), (steps: readonly Step[]) => {
        const cluster = new Map<string, KubeObject>();
        const told: Change[] = [];
        const known = createKnownObjects();
        let version = 0;
        let connected = true;
        const replay = (): void => {
          known.beginReplay();
          for (const object of cluster.values()) told.push(...known.see(object));
          told.push(...known.endReplay());
          connected = true;
        };
        for (const step of steps) {
          if (step === "gap") connected = false;
          else if (step === "back") replay();
          else {
            const there = cluster.get(step.name);
            version += 1;
            if (step.do === "delete" || step.do === "remake") {
              cluster.delete(step.name);
              if (connected && there !== undefined)
                told.push(...known.lose(at(step.name, there.metadata.uid ?? "", `${version}`)));
            }
            if (step.do === "delete" || (step.do === "change" && there === undefined)) continue;
            version += 1;
            const uid =
              step.do === "change" || (step.do === "make" && there !== undefined) ? there?.metadata.uid : `u${version}`;
            const next = at(step.name, uid ?? "", `${version}`);
            cluster.set(step.name, next);
            if (connected) told.push(...known.see(next));
          }
        }
        replay();

        const alive = new Map<string, KubeObject>();
        for (const { type, object } of told) {
          const before = alive.get(object.metadata.name);
          if (type === "added") expect(before).toBeUndefined();
          else expect(before?.metadata.uid).toBe(object.metadata.uid);
          if (type === "modified") expect(before?.metadata.resourceVersion).not.toBe(object.metadata.resourceVersion);
          if (type === "deleted") alive.delete(object.metadata.name);
          else alive.set(object.metadata.name, object);
        }
        expect(new Set(alive.values())).toEqual(new Set(cluster.values()));
        // A second look at the same tells nothing.
        const before = told.length;
        replay();
        expect(told).toHaveLength(before);
      }),
    );
  });

  test("keeps to the newer of two objects of a name when the older one's end comes late", () => {
    const known = createKnownObjects();
    known.see(at("a", "old", "1"));
    expect(known.see(at("a", "new", "3")).map(({ type }) => type)).toEqual(["deleted", "added"]);
    expect(known.lose(at("a", "old", "2"))).toEqual([]);
  });
});
