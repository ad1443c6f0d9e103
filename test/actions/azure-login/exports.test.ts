import { describe, expect, test } from "@jest/globals";
import { type ExportFacts, listExports } from "../../../src/actions/azure-login/exports.ts";
import { listLeftovers } from "../../../src/actions/azure-login/leftovers.ts";
import { type CloudInputs, chooseCloud } from "../../../src/azure/cloud.ts";
import { CLIENT, makeInputs, SUBSCRIPTION, TENANT } from "./fake-world.ts";

const cloudOf = (inputs: Partial<CloudInputs>) =>
  chooseCloud({
    cloud: "public",
    authorityHost: undefined,
    resourceManager: undefined,
    audience: undefined,
    ...inputs,
  });

const REQUEST_URL = "https://run-actions-1.actions.githubusercontent.com/x/idtoken?api-version=2.0";

const exportsOf = (change: Partial<ExportFacts> = {}) =>
  listExports({
    tenantId: TENANT,
    clientId: CLIENT,
    subscriptionId: SUBSCRIPTION,
    cloud: cloudOf({}),
    consumers: ["terraform"],
    environment: { ACTIONS_ID_TOKEN_REQUEST_URL: REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token" },
    ...change,
  });

const AZURE = { AZURE_CLIENT_ID: CLIENT, AZURE_TENANT_ID: TENANT, AZURE_SUBSCRIPTION_ID: SUBSCRIPTION };

describe("what a login exports", () => {
  test("is ids and switches, and nothing else", () => {
    expect(exportsOf()).toEqual({
      ...AZURE,
      ARM_CLIENT_ID: CLIENT,
      ARM_TENANT_ID: TENANT,
      ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
      ARM_USE_OIDC: "true",
    });
  });

  test("is only the ids when nobody is to be fed", () => {
    expect(exportsOf({ consumers: [] })).toEqual(AZURE);
  });

  test("is never a token, in any cloud", () => {
    const clouds = [cloudOf({}), cloudOf({ cloud: "usgov" }), cloudOf({ audience: "api://ours" })];
    for (const cloud of clouds) {
      const text = JSON.stringify(exportsOf({ cloud, consumers: ["terraform", "az"] }));
      expect(text).not.toContain("request-token");
      expect(text).not.toMatch(/OIDC_TOKEN|SECRET|TOKEN_FILE/);
    }
  });

  test("tells terraform of a sovereign cloud, and of the audience that it would not ask for by itself", () => {
    expect(exportsOf({ cloud: cloudOf({ cloud: "usgov" }) })).toMatchObject({
      ARM_ENVIRONMENT: "usgovernment",
      ARM_OIDC_REQUEST_URL: `${REQUEST_URL}&audience=api%3A%2F%2FAzureADTokenExchangeUSGov`,
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.us",
      MAYFLY_CLOUD: "usgov",
    });
  });

  test("describes a custom cloud to terraform by its metadata host", () => {
    const cloud = cloudOf({
      cloud: "custom",
      authorityHost: "login.example.com",
      resourceManager: "arm.example.com",
      audience: "api://ours",
    });
    expect(exportsOf({ cloud })).toMatchObject({
      ARM_METADATA_HOSTNAME: "arm.example.com",
      MAYFLY_CLOUD: "custom",
      MAYFLY_AUTHORITY_HOST: "https://login.example.com",
      MAYFLY_RESOURCE_MANAGER: "https://arm.example.com",
      MAYFLY_AUDIENCE: "api://ours",
    });
  });

  test("takes away what an earlier login in the same job left", () => {
    const environment = exportsOf({ cloud: cloudOf({ cloud: "china" }) });
    expect(exportsOf({ environment, subscriptionId: undefined })).toEqual({
      AZURE_CLIENT_ID: CLIENT,
      AZURE_TENANT_ID: TENANT,
      AZURE_SUBSCRIPTION_ID: "",
      AZURE_AUTHORITY_HOST: "https://login.microsoftonline.com",
      MAYFLY_CLOUD: "",
      ARM_CLIENT_ID: CLIENT,
      ARM_TENANT_ID: TENANT,
      ARM_SUBSCRIPTION_ID: "",
      ARM_USE_OIDC: "true",
      ARM_ENVIRONMENT: "",
      ARM_OIDC_REQUEST_URL: "",
    });
  });
});

describe("leftovers of an earlier way to log in", () => {
  test("are named once each, by name and never by value", () => {
    const environment = {
      ARM_CLIENT_SECRET: "s3cret",
      AZURE_CLIENT_SECRET: "s3cret",
      ARM_OIDC_TOKEN: "s3cret",
      ARM_USE_MSI: "false",
    };
    const found = listLeftovers(environment, ["terraform"]);
    expect(found.map((sentence) => sentence.split(" ")[0])).toEqual([
      "ARM_CLIENT_SECRET",
      "ARM_OIDC_TOKEN",
      "AZURE_CLIENT_SECRET",
    ]);
    expect(found.join()).not.toContain("s3cret");
  });

  test("of terraform do not matter when terraform is not fed", () => {
    expect(listLeftovers({ ARM_CLIENT_SECRET: "x" }, ["az"])).toEqual([]);
  });
});

describe("the input export", () => {
  test.each([
    ["terraform, az", ["terraform", "az"]],
    ["az\nterraform\naz", ["az", "terraform"]],
    ["none", []],
    ["", ["terraform"]],
  ])("%j feeds %j", (text, consumers) => expect(makeInputs({ export: text }).export).toEqual(consumers));

  test.each(["none, az", "docker", "Terraform"])("%j is refused", (text) => {
    expect(() => makeInputs({ export: text })).toThrow("export: expected terraform, az, or none alone");
  });
});
