import { describe, expect, test } from "@jest/globals";
import { EXPORTED_BY_LOGIN } from "../../scripts/generate/action-yml.ts";
import { loadSpecs } from "../../scripts/generate/load-specs.ts";
import { listExports } from "../../src/actions/azure-login/exports.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { ROOT } from "./repository.ts";

const specs = await loadSpecs(ROOT);
const inputs = [...specs].flatMap(([action, spec]) =>
  Object.entries(spec.inputs).map(([name, input]) => ({ place: `${action}: ${name}`, name, input })),
);

describe("each input of each action", () => {
  test("is among those that are looked at", () => {
    expect([...specs.keys()]).toEqual(expect.arrayContaining(["azure-login", "ttl-reaper"]));
  });

  test("has a default that its own reader takes", () => {
    const broken = inputs.filter(({ input }) => {
      if (input.default === undefined) return false;
      try {
        return input.read(input.default) === undefined;
      } catch {
        return true;
      }
    });
    expect(broken.map(({ place }) => place)).toEqual([]);
  });

  test("is a secret exactly when its name says so", () => {
    const odd = inputs.filter(
      ({ name, input }) => /(?:-(?:token|secret)|^secret-(?:variables|values|objects))$/.test(name) !== input.secret,
    );
    expect(odd.map(({ place }) => place)).toEqual([]);
  });

  test("does not ask for what it brings itself", () => {
    const odd = inputs.filter(({ input }) => input.required === true && input.default !== undefined);
    expect(odd.map(({ place }) => place)).toEqual([]);
  });
});

test("what action.yml says that azure-login exports, it does export", () => {
  const endpoints = { authorityHost: "login.example.com", resourceManager: "arm.example.com", audience: "api://own" };
  const exported = listExports({
    tenantId: "t",
    clientId: "c",
    subscriptionId: "s",
    cloud: chooseCloud({ cloud: "custom", ...endpoints }),
    consumers: [],
    environment: {},
  });
  expect(Object.keys(exported)).toEqual(expect.arrayContaining([...EXPORTED_BY_LOGIN]));
});
