import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { createAzure } from "./azure.ts";
import { startProxy } from "./proxy.ts";
import { addTeam } from "./team.ts";

const run = promisify(execFile);

/** What a child does with Node's own fetch, which follows HTTPS_PROXY when told to. */
async function inChild(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = await run(process.execPath, ["--input-type=module", "--eval", script], {
    env: { ...env, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1" },
  });
  return child.stdout;
}

describe("the proxy", () => {
  test("answers a child process for the real names, and refuses and records any other", async () => {
    const azure = createAzure();
    const { job } = addTeam(azure);
    await using proxy = await startProxy(azure);
    const script = `
      const jwt = await (await fetch(process.env.URL + "&audience=x", { headers: { authorization: "Bearer " + process.env.TOKEN } })).json();
      const keys = await (await fetch("https://token.actions.githubusercontent.com/.well-known/jwks")).json();
      const state = await (await fetch("https://emulator.mayfly.test/state")).json();
      const other = await fetch("https://example.com/").catch((error) => "refused");
      const arm = await fetch("https://management.azure.com/subscriptions?api-version=2022-12-01");
      console.log(JSON.stringify({ parts: jwt.value.split(".").length, keys: keys.keys.length, resources: state.resources.length, other, arm: arm.status }));
    `;
    const seen = JSON.parse(await inChild(script, { ...proxy.env, URL: job.requestUrl, TOKEN: job.requestToken }));
    expect(seen).toEqual({ parts: 3, keys: 1, resources: 3, other: "refused", arm: 401 });
    expect(azure.traffic.refused()).toMatchObject([{ method: "CONNECT", host: "example.com", status: 403 }]);
  });
});
