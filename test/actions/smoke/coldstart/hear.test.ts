import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Changes, hearJobs, hearReplicas } from "../../../../src/actions/smoke/coldstart/hear.ts";
import { change, deployment, job, PUBLISHED, pod, pulled, running, scaler, succeeded } from "./scene.ts";

const one = job("one");
const JOBS: Changes = {
  scaler: [
    change(0, scaler("ScaledJob", "False"), "added"),
    change(11_000, scaler("ScaledJob", "True")),
    change(18_000, scaler("ScaledJob", "False")),
  ],
  makers: [change(11_200, one, "added"), change(15_000, job("one", "Complete"))],
  pods: [
    change(11_300, pod("one-a", one), "added"),
    change(11_400, pod("one-a", one, { node: "one" })),
    change(12_500, pod("one-a", one, running)),
    change(14_900, pod("one-a", one, succeeded)),
  ],
  events: [change(12_100, pulled(pod("one-a", one)), "added")],
};
const HEARD = {
  active: 11_000,
  created: 11_200,
  scheduled: 11_400,
  pulled: 12_100,
  started: 12_500,
  done: 15_000,
  scaledToZero: 15_000,
};

describe("Jobs", () => {
  test("are followed from KEDA's Active to nothing running", () => {
    expect(hearJobs("worker", JOBS, PUBLISHED).heard).toEqual(HEARD);
  });

  test("of before the message, and of others, do not count, but what of them still runs does", () => {
    const old = job("old");
    const foreign = job("foreign", "Complete", "other");
    const changes: Changes = {
      ...JOBS,
      makers: [
        change(0, old, "added"),
        change(10_500, foreign, "added"),
        ...JOBS.makers,
        change(17_000, job("old", "Complete")),
      ],
      pods: [
        change(0, pod("old-a", old, running), "added"),
        ...JOBS.pods,
        change(17_500, pod("old-a", old, succeeded)),
      ],
    };
    expect(hearJobs("worker", changes, PUBLISHED).heard).toEqual({ ...HEARD, scaledToZero: 17_500 });
    const still = { ...changes, pods: changes.pods.slice(0, -1) };
    expect(hearJobs("worker", still, PUBLISHED).heard.scaledToZero).toBeUndefined();
  });

  test("that were deleted run no more, whatever they said last", () => {
    const changes: Changes = {
      ...JOBS,
      makers: [...JOBS.makers, change(14_000, job("two"), "added"), change(19_000, job("two"), "deleted")],
    };
    expect(hearJobs("worker", changes, PUBLISHED).heard.scaledToZero).toBe(19_000);
  });

  test("that fail are not done; the one after them is", () => {
    const changes: Changes = {
      ...JOBS,
      makers: [
        change(11_200, one, "added"),
        change(13_000, job("one", "Failed")),
        change(13_500, job("two"), "added"),
        change(16_000, job("two", "Complete")),
      ],
    };
    expect(hearJobs("worker", changes, PUBLISHED).heard).toMatchObject({ created: 11_200, done: 16_000 });
  });

  test("that are so short that nobody heard of their run have run", () => {
    const pods = [change(11_300, pod("one-a", one), "added"), change(14_900, pod("one-a", one, succeeded))];
    expect(hearJobs("worker", { ...JOBS, pods, events: [] }, PUBLISHED).heard).toEqual({
      ...HEARD,
      scheduled: 14_900,
      pulled: undefined,
      started: 14_900,
    });
  });

  test("have their images when the last of a pod's containers has", () => {
    const two = pod("one-a", one);
    const both = {
      ...two,
      spec: {
        containers: [
          { name: "main", image: "a" },
          { name: "side", image: "b" },
        ],
      },
    };
    const pods = [change(11_300, both, "added")];
    const first = [change(12_000, pulled(both), "added")];
    const second = [...first, change(13_000, pulled(both, "side"), "added")];
    expect(hearJobs("worker", { ...JOBS, pods, events: first }, PUBLISHED).heard.pulled).toBeUndefined();
    expect(hearJobs("worker", { ...JOBS, pods, events: second }, PUBLISHED).heard.pulled).toBe(13_000);
  });

  test("KEDA that was active before is so from the message on", () => {
    const active = [change(0, scaler("ScaledJob", "True"), "added")];
    expect(hearJobs("worker", { ...JOBS, scaler: active }, PUBLISHED).heard.active).toBe(PUBLISHED);
  });

  test("are heard the same in whatever order the changes come", () => {
    const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
      fc.shuffledSubarray([...list], { minLength: list.length });
    const orders = fc.record({
      scaler: shuffled(JOBS.scaler),
      makers: shuffled(JOBS.makers),
      pods: shuffled(JOBS.pods),
      events: shuffled(JOBS.events),
    });
    fc.assert(fc.property(orders, (changes) => expect(hearJobs("worker", changes, PUBLISHED).heard).toEqual(HEARD)));
  });
});

describe("replicas", () => {
  const owner = deployment(1);
  const REPLICAS: Changes = {
    scaler: [
      change(0, scaler("ScaledObject", "False"), "added"),
      change(11_000, scaler("ScaledObject", "True")),
      change(20_000, scaler("ScaledObject", "False")),
    ],
    makers: [change(0, deployment(0), "added"), change(11_100, deployment(1)), change(30_000, deployment(0))],
    pods: [
      change(11_300, pod("api-a", owner), "added"),
      change(11_400, pod("api-a", owner, { node: "one" })),
      change(12_000, pod("api-a", owner, { ...running, ready: false })),
      change(13_000, pod("api-a", owner, running)),
      change(31_000, pod("api-a", owner, running), "deleted"),
    ],
    events: [change(11_900, pulled(pod("api-a", owner)), "added")],
  };

  test("are followed from KEDA's Active to the last pod that is gone; done is when KEDA sees no more work", () => {
    expect(hearReplicas(REPLICAS, PUBLISHED)).toMatchObject({
      heard: {
        active: 11_000,
        created: 11_100,
        scheduled: 11_400,
        pulled: 11_900,
        started: 13_000,
        done: 20_000,
        scaledToZero: 31_000,
      },
      warm: undefined,
    });
  });

  test("that never came up have done nothing, also when the trigger is quiet again", () => {
    const pods = REPLICAS.pods.slice(0, 2);
    const { heard } = hearReplicas({ ...REPLICAS, pods }, PUBLISHED);
    expect([heard.started, heard.done, heard.scaledToZero]).toEqual([undefined, undefined, undefined]);
  });

  test("that were there when the message was published make it no cold start", () => {
    const makers = [change(0, deployment(2), "added")];
    const pods = [change(0, pod("api-z", owner, running), "added")];
    expect(hearReplicas({ ...REPLICAS, makers, pods }, PUBLISHED).warm).toBe("Deployment api, Pod api-z");
  });
});
