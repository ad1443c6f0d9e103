import { describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { formOf, setUp } from "./ask-registry.ts";

const NULL_USER = "00000000-0000-0000-0000-000000000000";

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

describe("users with a password", () => {
  test("are the null user with a refresh token or an access token", async () => {
    const { ask, exchange, token } = setUp();
    const refresh = `${(await exchange()).json["refresh_token"]}`;
    const get = async (password: string, query = "") =>
      ask("GET", `/oauth2/token?service=mayfly.azurecr.io&scope=repository:a:pull,push${query}`, {
        headers: basic(NULL_USER, password),
      });
    const byRefresh = await get(refresh);
    expect(Object.keys(byRefresh.json)).toEqual(["access_token"]);
    expect((await get(refresh, "&offline_token=true")).json).toMatchObject({ refresh_token: refresh });
    const byAccess = await get(await token("repository:a:pull"), "&offline_token=true");
    expect(Object.keys(byAccess.json)).toEqual(["access_token"]);
    expect(decodeJwt(`${byAccess.json["access_token"]}`)["access"]).toEqual([
      { type: "repository", name: "a", actions: ["pull"] },
    ]);
  });

  test("are told that nobody knows them", async () => {
    const { ask } = setUp();
    const answer = await ask("GET", "/oauth2/token?service=mayfly.azurecr.io", {
      headers: basic("somebody", "secret"),
    });
    expect(answer).toMatchObject({
      status: 401,
      json: { errors: [{ message: "Application not registered with AAD." }] },
    });
  });

  test("are the admin where the registry has one", async () => {
    const { ask, registry } = setUp();
    const [password = ""] = registry.adminPasswords;
    const asAdmin = () => ask("GET", "/v2/", { headers: basic("mayfly", password) });
    expect((await asAdmin()).status).toBe(401);
    registry.configure({ adminUserEnabled: true });
    expect((await asAdmin()).status).toBe(200);
  });

  test("may be nobody where anybody may pull", async () => {
    const { ask, registry } = setUp();
    const path = "/oauth2/token?service=mayfly.azurecr.io&scope=repository:a:pull,push";
    expect((await ask("GET", path)).status).toBe(401);
    registry.configure({ anonymousPullEnabled: true });
    const { json } = await ask("GET", path);
    expect(decodeJwt(`${json["access_token"]}`)["access"]).toEqual([
      { type: "repository", name: "a", actions: ["pull"] },
    ]);
    const fields = {
      grant_type: "password",
      service: "mayfly.azurecr.io",
      scope: "repository:a:pull",
      refresh_token: "",
    };
    expect((await ask("POST", "/oauth2/token", { body: formOf(fields) })).status).toBe(200);
  });
});
