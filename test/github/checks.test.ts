import { describe, expect, test } from "@jest/globals";
import type { Json } from "../azure/wire.ts";
import { open } from "./asking.ts";

const RUNS = "/repos/octo/shop/check-runs";
const NEUTRAL = {
  name: "Preview",
  status: "completed",
  conclusion: "neutral",
  output: { title: "Queued", summary: "3" },
};

function scene() {
  const { api, azure, as } = open();
  const head_sha = api.pull("octo/shop", 12).headSha;
  const writer = (actor = "github-actions[bot]") => as({ actor, permissions: { checks: "write" } });
  const list = `/repos/octo/shop/commits/${head_sha}/check-runs`;
  return { api, azure, as, head_sha, writer, list };
}
const named = (json: Json) =>
  (json["check_runs"] as readonly Json[]).map(({ name, app }) => [name, (app as Json)["slug"]]);

describe("check runs", () => {
  test("are made, and changed by the app that made them alone", async () => {
    const { api, head_sha, writer } = scene();
    const made = await writer()("POST", RUNS, { ...NEUTRAL, head_sha, external_id: "7" });
    expect(made).toMatchObject({
      status: 201,
      json: {
        status: "completed",
        conclusion: "neutral",
        external_id: "7",
        app: { id: 15_368, slug: "github-actions" },
      },
    });
    const path = `${RUNS}/${made.json["id"]}`;
    expect(await writer("my-app[bot]")("PATCH", path, NEUTRAL)).toMatchObject({
      status: 403,
      json: {
        message: "Invalid app_id `15368` - check run can only be modified by the GitHub App that created it.",
      },
    });
    expect((await writer()("PATCH", path, { conclusion: "success" })).json).toMatchObject({
      conclusion: "success",
      external_id: "7",
      output: { title: "Queued" },
    });
    expect((await writer()("GET", path)).json).toMatchObject({ conclusion: "success" });
    expect(api.checks("octo/shop", head_sha)).toMatchObject([{ conclusion: "success", title: "Queued" }]);
    expect((await writer()("PATCH", `${RUNS}/1`, NEUTRAL)).status).toBe(404);
  });

  test("of a job link to GitHub's page, whatever address is given", async () => {
    const { head_sha, writer } = scene();
    const details_url = "https://pr-12.example";
    const link = async (actor?: string) =>
      (await writer(actor)("POST", RUNS, { ...NEUTRAL, head_sha, details_url })).json["details_url"];
    expect(await link()).toMatch(/^https:\/\/github\.com\/octo\/shop\/runs\/\d+$/);
    expect(await link("my-app[bot]")).toBe(details_url);
  });

  test("are a job's own for Actions alone", async () => {
    const { api, head_sha, writer } = scene();
    const { id } = api.addCheck("octo/shop", { name: "preview / gate", headSha: head_sha, ofJob: true });
    const change = () => writer()("PATCH", `${RUNS}/${id}`, { conclusion: "neutral" });
    expect(await change()).toMatchObject({
      status: 403,
      json: { message: expect.stringContaining("can only be updated internally by GitHub Actions") },
    });
    api.settings.jobsCheckRunsChangeable = true;
    expect((await change()).status).toBe(200);
  });

  test("are listed newest first, the latest of each app and name, or all", async () => {
    const { api, azure, head_sha, writer, list } = scene();
    const asking = writer();
    for (const name of ["Preview", "Lint", "Preview"]) await asking("POST", RUNS, { ...NEUTRAL, name, head_sha });
    await writer("my-app[bot]")("POST", RUNS, { ...NEUTRAL, head_sha });
    const preview = [
      ["Preview", "my-app"],
      ["Preview", "github-actions"],
    ];
    expect(named((await asking("GET", list)).json)).toEqual([...preview, ["Lint", "github-actions"]]);
    expect(named((await asking("GET", `${list}?check_name=Preview`)).json)).toEqual(preview);
    expect((await asking("GET", `${list}?filter=all`)).json["total_count"]).toBe(4);
    expect(named((await asking("GET", `${list}?filter=all&app_id=15368`)).json)).toHaveLength(3);
    const { json, headers } = await asking("GET", `${list}?filter=all&per_page=3`);
    expect([json["total_count"], named(json).length]).toEqual([4, 3]);
    expect(headers["link"]).toContain(
      `/repositories/599293758/commits/${head_sha}/check-runs?filter=all&per_page=3&page=2`,
    );
    expect(named((await asking("GET", "/repos/octo/shop/commits/topic-12/check-runs")).json)).toHaveLength(3);
    api.settings.listLagMilliseconds = 1_000;
    expect((await asking("GET", list)).json["total_count"]).toBe(0);
    azure.clock.advance(1_000);
    expect((await asking("GET", list)).json["total_count"]).toBe(3);
  });

  test("need their permission and an app", async () => {
    const { as, head_sha, list } = scene();
    const body = { ...NEUTRAL, head_sha };
    const refused = await as({ permissions: { checks: "read" } })("POST", RUNS, body);
    expect([refused.status, refused.headers["x-accepted-github-permissions"]]).toEqual([403, "checks=write"]);
    expect((await as({ permissions: { checks: "read" } })("GET", list)).status).toBe(200);
    expect((await as()("GET", list)).headers["x-accepted-github-permissions"]).toBe("checks=read");
    expect((await as({ actor: "mona", classic: true })("POST", RUNS, body)).json["message"]).toBe(
      "You must authenticate via a GitHub App.",
    );
  });

  test.each<[string, Json, string]>([
    ["an unknown commit", { ...NEUTRAL, head_sha: "f".repeat(40) }, "No commit found for SHA: ffff"],
    ["no commit", { ...NEUTRAL, head_sha: undefined }, '"head_sha" wasn\'t supplied.'],
    ["no name", { ...NEUTRAL, name: undefined }, '"name" wasn\'t supplied.'],
    ["an end without a conclusion", { ...NEUTRAL, conclusion: undefined }, '"conclusion" wasn\'t supplied.'],
    ["a conclusion that there is not", { ...NEUTRAL, conclusion: "queued" }, "queued is not a possible value."],
    ["a summary that is missing", { ...NEUTRAL, output: { title: "Queued" } }, '"summary" wasn\'t supplied.'],
    [
      "65,536 characters",
      { ...NEUTRAL, output: { title: "Queued", summary: "x".repeat(65_536) } },
      "Only 65535 characters are allowed; 65536 were supplied.",
    ],
  ])("with %s are refused", async (_, body, message) => {
    const { api, head_sha, writer } = scene();
    const { status, json } = await writer()("POST", RUNS, { head_sha, ...body });
    expect([status, json["message"]]).toEqual([422, expect.stringContaining(message)]);
    expect(api.checks("octo/shop")).toEqual([]);
  });
});
