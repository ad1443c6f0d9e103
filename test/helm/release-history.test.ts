import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chooseRollbackTarget } from "../../src/helm/release-history.ts";
import type { ReleaseStatus } from "../../src/helm/release-record.ts";

type Row = readonly [revision: number, status: ReleaseStatus, description: string];

const records = (...rows: readonly Row[]) =>
  rows.map(([revision, status, description]) => ({ revision, status, description }));
const RUN = "https://github.com/octo/shop/actions/runs/1";
const FAILED = 'Upgrade "a" failed: context deadline exceeded';

describe("going back", () => {
  test("passes over what a smoke test has failed, and over copies of it, but not over what only has its labels", () => {
    const labels = { "mayfly-smoke-failed": "2" };
    const history = [
      { revision: 1, status: "superseded", description: RUN },
      { revision: 2, status: "superseded", description: RUN, labels },
      { revision: 3, status: "superseded", description: "Rollback to 2", labels },
      { revision: 4, status: "deployed", description: "Rollback to 2", labels },
      { revision: 5, status: "failed", description: FAILED, labels },
    ] as const;
    expect(chooseRollbackTarget(history)).toBe(1);
    const next = { revision: 6, status: "deployed", description: RUN, labels } as const;
    expect(chooseRollbackTarget([...history, next])).toBe(6);
    expect(chooseRollbackTarget(history.slice(1))).toBeUndefined();
  });

  test.each<readonly [string, readonly Row[], number | undefined]>([
    [
      "takes what is deployed",
      [
        [3, "superseded", RUN],
        [4, "deployed", RUN],
        [5, "failed", FAILED],
      ],
      4,
    ],
    [
      "passes over what failed before",
      [
        [3, "deployed", RUN],
        [4, "failed", FAILED],
        [5, "failed", FAILED],
      ],
      3,
    ],
    [
      "passes over what is pending",
      [
        [4, "deployed", RUN],
        [5, "failed", FAILED],
        [6, "pending-upgrade", "Preparing upgrade"],
      ],
      4,
    ],
    [
      "takes what once was deployed",
      [
        [3, "superseded", RUN],
        [4, "superseded", "Upgrade complete"],
        [5, "failed", FAILED],
      ],
      4,
    ],
    [
      "takes what an earlier rollback made",
      [
        [3, "superseded", RUN],
        [4, "superseded", "Rollback to 3"],
        [5, "failed", FAILED],
      ],
      4,
    ],
    ["finds nothing after a first install that failed", [[1, "failed", 'Release "a" failed: x']], undefined],
    ["finds nothing in nothing", [], undefined],
    [
      "passes over what a failed rollback called superseded",
      [
        [3, "superseded", RUN],
        [4, "superseded", FAILED],
        [5, "superseded", "Preparing upgrade"],
        [6, "failed", 'Rollback "a" failed: x'],
      ],
      3,
    ],
    [
      "passes over what somebody has gone back from",
      [
        [3, "superseded", RUN],
        [4, "superseded", RUN],
        [5, "pending-rollback", "Rollback to 3"],
        [6, "failed", FAILED],
      ],
      3,
    ],
    [
      "passes over what is uninstalled",
      [
        [1, "uninstalled", "Uninstallation complete"],
        [2, "failed", FAILED],
      ],
      undefined,
    ],
  ])("%s", (_, rows, target) => {
    expect(chooseRollbackTarget(records(...rows))).toBe(target);
  });

  test("goes behind a revision that helm calls deployed, and that proved to be bad", () => {
    const history = records([3, "failed", FAILED], [4, "superseded", RUN], [5, "deployed", RUN]);
    expect(chooseRollbackTarget(history)).toBe(5);
    expect(chooseRollbackTarget(history, 5)).toBe(4);
    expect(chooseRollbackTarget(history, 4)).toBeUndefined();
  });

  test("goes behind what a bad revision is a copy of", () => {
    const history = records(
      [1, "superseded", RUN],
      [2, "superseded", RUN],
      [3, "superseded", RUN],
      [4, "superseded", "Rollback to 2"],
      [5, "superseded", RUN],
      [6, "deployed", "Rollback to 4"],
    );
    expect(chooseRollbackTarget(history, 6)).toBe(1);
    expect(chooseRollbackTarget(history, 4)).toBe(1);
    expect(chooseRollbackTarget(history, 2)).toBe(1);
  });

  test("never takes what was not deployed, whatever the history", () => {
    const statuses: readonly ReleaseStatus[] = [
      "unknown",
      "deployed",
      "superseded",
      "failed",
      "uninstalled",
      "uninstalling",
      "pending-install",
      "pending-upgrade",
      "pending-rollback",
    ];
    const record = fc.record({
      status: fc.constantFrom(...statuses),
      description: fc.oneof(
        fc.constantFrom(
          RUN,
          "Upgrade complete",
          "Install complete",
          "Preparing upgrade",
          "Initial install underway",
          FAILED,
        ),
        fc.integer({ min: 1, max: 12 }).map((target) => `Rollback to ${target}`),
      ),
    });
    const history = fc
      .array(record, { maxLength: 12 })
      .map((rows) => rows.map((row, index) => ({ ...row, revision: index + 1 })));
    const bad = fc.option(fc.integer({ min: 1, max: 13 }), { nil: undefined });
    let found = 0;
    fc.assert(
      fc.property(
        history.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        bad,
        ([rows, shuffled], limit) => {
          const target = chooseRollbackTarget(shuffled, limit);
          expect(chooseRollbackTarget(rows, limit)).toBe(target);
          const contents: number[] = [];
          for (const { revision, description } of rows) {
            const [, from = "99"] = /^Rollback to (\d+)$/.exec(description) ?? [];
            contents[revision] = (Number(from) < revision ? contents[Number(from)] : undefined) ?? revision;
          }
          const fit = rows.filter(
            ({ revision, status, description }) =>
              revision < (limit ?? 99) &&
              contents[revision] !== contents[limit ?? 99] &&
              (status === "deployed" || (status === "superseded" && !/fail|Preparing|underway/.test(description))) &&
              !rows.some(
                (later) =>
                  later.revision > revision &&
                  /^Rollback to/.test(later.description) &&
                  Number(later.description.slice(12)) < revision,
              ),
          );
          const deployed = fit.filter(({ status }) => status === "deployed");
          const best = deployed.length > 0 ? deployed : fit;
          expect(target).toBe(best.length === 0 ? undefined : Math.max(...best.map(({ revision }) => revision)));
          if (target !== undefined) found += 1;
        },
      ),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(300);
  });
});
