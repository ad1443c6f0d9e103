import { expect, test } from "@jest/globals";
import * as v from "valibot";
import { coldstart } from "../../../../src/smoke/spec/checks/coldstart.ts";

const read = (more: object) => v.safeParse(coldstart, { scaledJob: "worker", ...more });

test("a budget may be for each phase up to the last one, and for the total", () => {
  const { success, output } = read({ until: "started", budget: { active: "30s", started: "1m", total: "1m" } });
  expect(success).toBe(true);
  expect(output).toMatchObject({ until: "started", budget: { active: 30_000, started: 60_000, total: 60_000 } });
  expect(read({ budget: { scaledToZero: "60s" } }).success).toBe(true);
});

test("a budget for what is never come to is refused: it would be kept whatever happens", () => {
  const { issues } = read({ until: "created", budget: { created: "30s", started: "40s", done: "60s" } });
  expect(issues?.map(({ message }) => message)).toEqual(["no budget for started, done with until: created"]);
});
