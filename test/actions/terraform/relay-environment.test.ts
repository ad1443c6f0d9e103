import { describe, expect, test } from "@jest/globals";
import { leadToRelay, relayEnvironment } from "../../../src/actions/terraform/relay-environment.ts";

const GITHUB = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.example/idtoken?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "github's",
};
const relay = { url: "http://127.0.0.1:1/idtoken?api-version=2.0", token: "relay's" };
const led = { ACTIONS_ID_TOKEN_REQUEST_URL: relay.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: relay.token };
const ledTwice = { ...led, ARM_OIDC_REQUEST_URL: relay.url, ARM_OIDC_REQUEST_TOKEN: relay.token };

describe("terraform is led to the relay", () => {
  test.each([
    ["where the job names GitHub once", {}, led],
    [
      "where the job names GitHub twice",
      { ARM_OIDC_REQUEST_URL: GITHUB.ACTIONS_ID_TOKEN_REQUEST_URL, ARM_OIDC_REQUEST_TOKEN: "github's" },
      ledTwice,
    ],
    ["where the job names only GitHub's token twice", { ARM_OIDC_REQUEST_TOKEN: "github's" }, ledTwice],
    ["where the second names are empty", { ARM_OIDC_REQUEST_URL: "", ARM_OIDC_REQUEST_TOKEN: "" }, led],
    [
      "except where the job has a service of its own",
      { ARM_OIDC_REQUEST_URL: "https://own.example", ARM_OIDC_REQUEST_TOKEN: "own" },
      led,
    ],
  ])("%s", (_, more, expected) => expect(leadToRelay({ ...GITHUB, ...more }, relay)).toEqual(expected));
});

test("a relay's process gets the way to GitHub, and nothing else of the job", () => {
  const way = {
    ...GITHUB,
    HTTPS_PROXY: "http://proxy:1",
    no_proxy: "a",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    RUNNER_TRACKING_ID: "github_1",
  };
  const secrets = {
    ARM_CLIENT_SECRET: "x",
    TF_VAR_password: "x",
    INPUT_VARIABLES: "x",
    GITHUB_TOKEN: "x",
    gone: undefined,
  };
  expect(relayEnvironment({ ...way, ...secrets }, "s", "f")).toEqual({
    ...way,
    MAYFLY_RELAY_SECRET: "s",
    MAYFLY_RELAY_FOLDER: "f",
  });
});
