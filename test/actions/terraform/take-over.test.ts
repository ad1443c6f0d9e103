import { describe, expect, test } from "@jest/globals";
import { actIn, post } from "./act.ts";
import { createFakeWorld } from "./fake-world.ts";
import { createShop } from "./shop.ts";

/** What post tells of a run whose main was killed at a point of terraform's work. */
async function killAt(point: string) {
  const scene = createShop();
  const world = createFakeWorld(scene);
  scene.terraform.at(point, () => {
    scene.clock.pass(7_000);
    world.kill();
  });
  await actIn(world, scene, {});
  return post(scene, world, {});
}

describe("post, after main was killed", () => {
  test("says in the log what came of it, and not only what failed", async () => {
    const { log } = await killAt("apply.azurerm_resource_group.this");
    expect(log).toMatch(/^waiting for terraform to wind up its apply/);
    expect(log).toMatch(/The job was cancelled as terraform ended its work; nothing is left to do\.$/);
  });

  test("counts the call that main did not see the end of into the time that the run took", async () => {
    const { summary, comment } = await killAt("apply.azurerm_resource_group.this");
    expect(summary).toMatch(/^ {4}apply :done, 00:00:00\.\d+, 00:00:0[7-9]\.\d+$/m);
    expect(comment).toMatch(/### 🛑 .* changes done · [7-9]s/);
  });

  test("calls a plan that it waited for a plan", async () => {
    const { summary } = await killAt("plan.refresh");
    expect(summary).toMatch(/^ {4}plan :done, /m);
  });
});
