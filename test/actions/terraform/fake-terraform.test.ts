import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { createShop, PASSWORD } from "./shop.ts";

// The fake is only worth what its words have in common with the real tool's, which the fixtures hold.

const DOMAIN = join(import.meta.dirname, "../../terraform/domain");

interface Line {
  readonly type: string;
  readonly [name: string]: unknown;
}

test("each line that the fake streams has the fields of the real terraform's line of that kind", async () => {
  const real = readdirSync(join(DOMAIN, "streams"))
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => readLines(readFileSync(join(DOMAIN, "streams", name), "utf8").split("\n")));
  const known = new Map(real.map((line) => [line.type, Object.keys(line).sort().join()]));
  const scene = createShop();
  const seen: Line[] = [];
  const keep = (): void => void seen.push(...readLines(scene.terraform.last()?.stdout ?? []));
  scene.terraform.at("plan.unlock", keep);
  // A failed apply is followed by a look at the state.
  scene.terraform.at("apply.unlock", keep);

  await act(scene, { command: "apply", variables: `password: ${PASSWORD}` });
  keep();
  scene.terraform.fail("apply.terraform_data.app", { summary: "x", range: { filename: "main.tf", line: 1 } });
  await act(scene, { command: "apply", variables: "version: v2" });

  const types = new Set(seen.map(({ type }) => type));
  expect([...types].sort()).toEqual(
    expect.arrayContaining([
      "apply_complete",
      "apply_errored",
      "apply_start",
      "change_summary",
      "diagnostic",
      "outputs",
    ]),
  );
  for (const line of seen)
    expect([line.type, Object.keys(line).sort().join()]).toEqual([line.type, known.get(line.type)]);
});

test("what the fake shows of a plan has only fields that the real terraform's has", async () => {
  const real = JSON.parse(readFileSync(join(DOMAIN, "fixtures/change.plan.json"), "utf8"));
  const scene = createShop();

  const { world } = await act(scene, { command: "plan" });

  const shown = JSON.parse(world.files.all.get("/temp/mayfly/plan.json")?.toString("utf8") ?? "");
  expect(Object.keys(real)).toEqual(expect.arrayContaining(Object.keys(shown)));
  const [change] = shown.resource_changes;
  const fields = real.resource_changes.flatMap(Object.keys);
  expect(fields).toEqual(expect.arrayContaining(Object.keys(change)));
  const inner = real.resource_changes.flatMap((one: { readonly change: object }) => Object.keys(one.change));
  expect(inner).toEqual(expect.arrayContaining(Object.keys(change.change)));
});

test("a second plan on the same state is stale, as the real terraform says", async () => {
  const scene = createShop();
  const first = await act(scene, { command: "plan" });
  await act(scene, { command: "apply" });

  const late = await act(scene, { command: "apply", "plan-digest": String(first.outputs["plan-digest"]) });

  expect(late.code).toBe("plan-stale");
});

function readLines(lines: readonly string[]): readonly Line[] {
  return lines.filter((line) => line.startsWith("{")).map((line): Line => JSON.parse(line));
}
