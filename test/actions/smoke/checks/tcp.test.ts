import { Duplex } from "node:stream";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { tcpChecker } from "../../../../src/actions/smoke/checks/tcp.ts";
import { networkFault } from "../fake/network.ts";
import { createScope, lookOnce } from "../fake/scope.ts";
import { createFakeWorld, createScene, type Scene } from "../fake/world.ts";
import { podRef, putService, SERVICE } from "./shop-service.ts";

let scene: Scene;

beforeEach(() => {
  scene = createScene();
  scene.network.answers.connect = () => {};
});

const look = (address: string) => lookOnce(tcpChecker, { address }, createScope(scene, createFakeWorld(scene)));

describe("a connection", () => {
  test.each([
    ["db.example:5432", "db.example", 5432],
    ["[fd00::1]:6379", "fd00::1", 6379],
  ])("to %s is opened directly", async (address, host, port) => {
    expect(await look(address)).toMatchObject({ state: "holds", seen: "connected" });
    expect(scene.network.asked.connect).toEqual([{ host, port }]);
  });

  test("that is refused may be taken later", async () => {
    scene.network.answers.connect = () => {
      throw networkFault("refused", "the connection was refused");
    };
    expect(await look("db.example:5432")).toMatchObject({
      state: "not-yet",
      expected: "a connection to db.example:5432",
      seen: "the connection was refused",
    });
  });

  test.each(["unknown-host", "other"] as const)(
    "that nobody could try is no proof that nobody is there: %s",
    async (kind) => {
      scene.network.answers.connect = () => {
        throw networkFault(kind, "no way");
      };
      expect(await look("db.example:5432")).toMatchObject({ state: "unseen", seen: "no way" });
    },
  );

  test("to a Service goes to a pod of it", async () => {
    putService(scene.cluster);
    scene.cluster.pods.answers.forward = () => new Duplex({ read: () => {} });
    expect(await look("service://api:http")).toMatchObject({
      state: "holds",
      seen: "connected (by port 8080 of the pod api-1)",
    });
    expect(scene.network.asked.connect).toEqual([{ host: "api.shop.svc", port: 80 }]);
  });

  test("to a Service that nobody takes is told with what stands behind it", async () => {
    putService(scene.cluster);
    scene.network.answers.connect = () => {
      throw networkFault("refused", "the connection was refused");
    };
    expect(await look("service://api:http")).toMatchObject({
      state: "not-yet",
      involved: [SERVICE, podRef("api-1")],
    });
  });

  test("to a Service whose pods are not ready is not opened", async () => {
    putService(scene.cluster, [{ name: "api-1", ready: false }]);
    expect(await look("service://api:http")).toMatchObject({
      state: "not-yet",
      seen: expect.stringContaining("no pod"),
    });
    expect(scene.network.asked.connect).toEqual([]);
  });

  test("goes nowhere without a port that there is", async () => {
    await expect(look("db.example:99999")).rejects.toMatchObject({ code: "smoke-place-invalid" });
  });
});
