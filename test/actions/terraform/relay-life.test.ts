import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { findRelay, stopRelay } from "../../../src/actions/terraform/connect-relay.ts";
import type { RelayAddress } from "../../../src/actions/terraform/relay-environment.ts";
import { isAlive } from "../../../src/kit/process-birth.ts";
import { askRelay, openRelayScene, type RelayScene, STAGE, until, wait } from "./relay-scene.ts";

jest.setTimeout(40_000);

let scene: RelayScene;
beforeEach(async () => {
  scene = await openRelayScene();
});
afterEach(async () => {
  await scene[Symbol.asyncDispose]();
});

const AZURE = "api://AzureADTokenExchange";

describe("the life of a relay", () => {
  async function startInAction(folder: string) {
    const fixture = join(import.meta.dirname, "fixtures/start-relay.ts");
    const action = spawn(process.execPath, [fixture, STAGE, folder], {
      env: scene.environment,
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    let text = "";
    action.stdout.on("data", (chunk) => {
      text += chunk;
    });
    await until(() => text.endsWith("\n"));
    const killed = new Promise((resolve) => action.on("exit", resolve));
    return { action, killed, relay: JSON.parse(text) as RelayAddress };
  }

  test("goes on when the action is cancelled and killed, and ends when post says so", async () => {
    const folder = scene.folder();
    const { action, killed, relay } = await startInAction(folder);
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    // A Ctrl-C reaches all of the action's group.
    process.kill(-(action.pid ?? Number.NaN), "SIGINT");
    action.kill("SIGTERM");
    action.kill("SIGKILL");
    await killed;
    expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    const state = await findRelay(folder);
    if (state === undefined) throw new Error("The relay left no trace");
    expect(await stopRelay(state)).toMatchObject({ asked: 2, fetched: 1, reused: 1 });
    expect(isAlive(state)).toBe(false);
    await expect(askRelay(relay)).rejects.toThrow("ECONNREFUSED");
    expect(await stopRelay(state)).toMatchObject({ asked: 2 });
  });

  test("ends with its folder", async () => {
    const folder = scene.folder();
    const relay = await scene.start(folder);
    rmSync(folder, { recursive: true });
    await until(() => !isAlive(relay.state));
    expect(await relay.stop()).toBeUndefined();
    expect(existsSync(folder)).toBe(false);
  });

  const hasty = join(import.meta.dirname, "fixtures/hasty-relay/index.ts");

  test("ends when nobody asks for long, counted from the last who did", async () => {
    const relay = await scene.start(scene.folder(), hasty, { NODE_RELAY_LIMITS: "60000,1500" });
    for (let n = 0; n < 5; n += 1) {
      await wait(500);
      expect((await askRelay(relay, { audience: AZURE })).status).toBe(200);
    }
    await until(() => !isAlive(relay.state));
    expect(await relay.stop()).toMatchObject({ asked: 5, fetched: 1 });
  });

  test("ends at its age, however often it is asked", async () => {
    const relay = await scene.start(scene.folder(), hasty, { NODE_RELAY_LIMITS: "1200,60000" });
    await until(async () => (await askRelay(relay).catch(() => undefined)) === undefined);
    await until(() => !isAlive(relay.state));
  });

  test("is not ended by whoever has its process id later", async () => {
    const stranger = await scene.start();
    const state = { ...stranger.state, born: "1" };
    expect(await stopRelay(state)).toBeUndefined();
    expect((await askRelay(stranger)).status).toBe(200);
  });

  test("does not end for SIGINT and SIGHUP, of which terraform does not die either", async () => {
    const relay = await scene.start();
    for (const signal of ["SIGINT", "SIGHUP"] as const) process.kill(relay.state.pid, signal);
    await wait(100);
    expect((await askRelay(relay)).status).toBe(200);
  });
});
