import { expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { AUDIENCE, imageOf, NOW, push, setUp } from "./ask-registry.ts";
import { digestOf, OCI_MANIFEST } from "./oci.ts";
import { defaultRegistrySettings, type RegistrySettings } from "./settings.ts";

const SECONDS = NOW.getTime() / 1000;

/** What each switch does that no other test of this folder shows. */
test("a refresh token ends with the Entra token where it is bound to it", async () => {
  const { exchange, azure, team } = setUp({ settings: { refreshBoundByEntra: true } });
  const { json } = await exchange({ access_token: azure.entra.accessToken(team.principal, AUDIENCE, 600) });
  expect(decodeJwt(`${json["refresh_token"]}`).exp).toBe(SECONDS + 600);
});

test("a token's life may have begun before it is issued", async () => {
  const { token } = setUp({ settings: { backdatedSeconds: 900 } });
  expect(decodeJwt(await token("repository:a:pull"))).toMatchObject({ iat: SECONDS - 900, exp: SECONDS + 3600 });
});

test("what nothing may be done with stands in the token with an empty list, or not at all", async () => {
  const access = async (emptyAccess: boolean) =>
    decodeJwt(await setUp({ teamRoles: ["AcrPull"], settings: { emptyAccess } }).token("repository:a:push"))["access"];
  expect(await access(true)).toEqual([{ type: "repository", name: "a", actions: [] }]);
  expect(await access(false)).toEqual([]);
});

test("an identity without rights gets a refresh token where none are asked for", async () => {
  const scene = setUp({ teamRoles: [] });
  expect((await scene.exchange()).status).toBe(401);
  scene.registry.settings.exchangeNeedsRights = false;
  expect((await scene.exchange()).status).toBe(200);
});

test("a tag is removed by who may write metadata, where that is enough", async () => {
  const scene = setUp();
  const token = await scene.token("repository:app:pull,push,metadata_write");
  await push(scene, "app", "1", token);
  expect((await scene.ask("DELETE", "/acr/v1/app/_tags/1", { token })).status).toBe(401);
  scene.registry.settings.untagNeeds = "metadata_write";
  expect((await scene.ask("DELETE", "/acr/v1/app/_tags/1", { token })).status).toBe(202);
});

test("what refers to a manifest stays where it does not vanish", async () => {
  const scene = setUp({ teamRoles: ["AcrPush", "AcrDelete"], settings: { referrersVanish: false } });
  const token = await scene.token("repository:app:pull,push,delete");
  const subject = await push(scene, "app", "1", token);
  const artifact = JSON.stringify({
    ...JSON.parse(imageOf("app").manifest),
    subject: { mediaType: OCI_MANIFEST, digest: subject, size: 1 },
  });
  await scene.registry.seedManifest("app", undefined, OCI_MANIFEST, artifact);
  await scene.ask("DELETE", `/v2/app/manifests/${subject}`, { token });
  expect(Object.keys((await scene.registry.contents())["app"]?.manifests ?? {})).toEqual([digestOf(artifact)]);
});

test("what is not to be listed is not listed", async () => {
  const scene = setUp();
  await scene.registry.seed("app", ["1", "2"]);
  scene.registry.lock("app", "1", { listEnabled: false });
  const token = await scene.token("repository:app:pull,metadata_read");
  expect((await scene.ask("GET", "/v2/app/tags/list", { token })).json["tags"]).toEqual(["2"]);
  expect((await scene.ask("GET", "/acr/v1/app/_tags", { token })).json["tags"]).toMatchObject([{ name: "2" }]);
});

test("lists have pages of the size that is set, where a request names none", async () => {
  const scene = setUp({ settings: { pageSize: 1 } });
  await scene.registry.seed("app", ["1", "2"]);
  const token = await scene.token("repository:app:metadata_read");
  const { headers, json } = await scene.ask("GET", "/acr/v1/app/_tags", { token });
  expect([json["tags"], headers["link"]]).toEqual([
    [expect.objectContaining({ name: "1" })],
    expect.stringContaining("last=1&n=1"),
  ]);
});

test("each registry has its own", () => {
  const { azure, registry, team } = setUp({ settings: { pageSize: 3 } });
  const other = azure.acr.addRegistry({ name: "other", subscriptionId: team.subscriptionId });
  const same: (keyof RegistrySettings)[] = ["accessTokenSeconds", "disallowedStatus"];
  expect([registry.settings.pageSize, other.settings.pageSize]).toEqual([3, defaultRegistrySettings().pageSize]);
  for (const name of same) expect(registry.settings[name]).toBe(other.settings[name]);
});
