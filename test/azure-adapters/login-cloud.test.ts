import { describe, expect, test } from "@jest/globals";
import { type CloudInputs, chooseCloud } from "../../src/azure/cloud.ts";

const left = { authorityHost: undefined, resourceManager: undefined, audience: undefined };
const choose = (inputs: Partial<CloudInputs>) => chooseCloud({ cloud: "public", ...left, ...inputs });

describe("the cloud", () => {
  test("is known by one word, with the audience its federated credentials must have", () => {
    expect(choose({ cloud: "usgov" })).toEqual({
      name: "usgov",
      authorityHost: "https://login.microsoftonline.us",
      resourceManager: "https://management.usgovcloudapi.net",
      audience: "api://AzureADTokenExchangeUSGov",
      usualAudience: "api://AzureADTokenExchangeUSGov",
      armScope: "https://management.usgovcloudapi.net/.default",
      registryScope: "https://containerregistry.azure.net/.default",
      registrySuffix: ".azurecr.us",
      storageSuffix: "core.usgovcloudapi.net",
      terraformEnvironment: "usgovernment",
      azCloudName: "AzureUSGovernment",
    });
    expect(choose({ cloud: "china" }).audience).toBe("api://AzureADTokenExchangeChina");
  });

  test("takes an audience of its own", () => {
    expect(choose({ audience: "api://ours" }).audience).toBe("api://ours");
  });

  test("can be described by its endpoints, with or without scheme and trailing slash", () => {
    const cloud = choose({
      cloud: "custom",
      authorityHost: "login.example.com",
      resourceManager: "https://arm.example.com/",
      audience: "api://ours",
    });
    expect(cloud.authorityHost).toBe("https://login.example.com");
    expect(cloud.armScope).toBe("https://arm.example.com/.default");
  });

  test("names every endpoint that a custom cloud lacks", () => {
    expect(() => choose({ cloud: "custom", audience: "api://ours" })).toThrow('"authority-host", "resource-manager"');
  });

  test("refuses endpoints beside a known cloud, since one of the two is a mistake", () => {
    expect(() => choose({ authorityHost: "https://login.example.com" })).toThrow('"authority-host" may be given only');
  });

  test.each(["http://login.example.com", "https://login.example.com/tenant", "https://me:pw@login.example.com", "a b"])(
    "refuses %s as an endpoint",
    (authorityHost) => {
      const inputs = { resourceManager: "arm.example.com", audience: "api://ours" };
      expect(() => choose({ cloud: "custom", authorityHost, ...inputs })).toThrow(
        "authority-host: expected an address",
      );
    },
  );
});
