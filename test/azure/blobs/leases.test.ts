import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createClock } from "../clock.ts";
import { BlobFailure } from "./failure.ts";
import { createLeases, type LeaseStatus } from "./leases.ts";
import { ID, OTHER, setUpAccount } from "./wire-on-account.ts";

const FOREVER = { "lease-duration": -1, "proposed-lease-id": ID };
const MINUTE = { "lease-duration": 60, "proposed-lease-id": ID };

type Scene = ReturnType<typeof setUpAccount>;

async function setUp(state: LeaseStatus["state"] = "available"): Promise<Scene> {
  const scene = setUpAccount();
  await scene.put("/tfstate/a", "one");
  if (state !== "available") await scene.lease("acquire", state === "expired" ? MINUTE : FOREVER);
  if (state === "expired") scene.azure.clock.advance(60_000);
  if (state === "breaking") await scene.lease("break", { "lease-break-period": 30 });
  if (state === "broken") await scene.lease("break");
  return scene;
}

test("A lease shows in its words and leaves the blob's etag alone", async () => {
  const { ask, lease, azure } = await setUp();
  const before = (await ask("HEAD", "/tfstate/a", {})).headers;
  expect(before).toMatchObject({ "x-ms-lease-state": "available", "x-ms-lease-status": "unlocked" });
  const taken = await lease("acquire", FOREVER);
  expect([taken.status, taken.headers["x-ms-lease-id"]]).toEqual([201, ID]);
  const { headers } = await ask("HEAD", "/tfstate/a", {});
  const words = { "x-ms-lease-state": "leased", "x-ms-lease-status": "locked", "x-ms-lease-duration": "infinite" };
  expect(headers).toMatchObject({ ...words, etag: before["etag"] });
  expect(JSON.stringify(headers)).not.toContain(ID);
  azure.clock.advance(365 * 24 * 3_600_000);
  expect(azure.blobs.lease({ account: "mayflystate", container: "tfstate", name: "a" }).state).toBe("leased");
});

/** https://learn.microsoft.com/rest/api/storageservices/lease-blob#outcomes-of-lease-operations-on-blobs-by-lease-state */
const OUTCOMES: readonly (readonly [LeaseStatus["state"], string, Record<string, string | number>, number, string?])[] =
  [
    ["available", "acquire", FOREVER, 201],
    ["leased", "acquire", FOREVER, 201],
    ["leased", "acquire", { ...FOREVER, "proposed-lease-id": OTHER }, 409, "LeaseAlreadyPresent"],
    ["leased", "acquire", { "lease-duration": -1 }, 409, "LeaseAlreadyPresent"],
    ["breaking", "acquire", FOREVER, 409, "LeaseIsBreakingAndCannotBeAcquired"],
    ["breaking", "acquire", { ...FOREVER, "proposed-lease-id": OTHER }, 409, "LeaseAlreadyPresent"],
    ["broken", "acquire", { ...FOREVER, "proposed-lease-id": OTHER }, 201],
    ["expired", "acquire", { ...FOREVER, "proposed-lease-id": OTHER }, 201],
    ["available", "renew", { "lease-id": ID }, 409, "LeaseIdMismatchWithLeaseOperation"],
    ["leased", "renew", { "lease-id": ID }, 200],
    ["leased", "renew", { "lease-id": OTHER }, 409, "LeaseIdMismatchWithLeaseOperation"],
    ["broken", "renew", { "lease-id": ID }, 409, "LeaseIsBrokenAndCannotBeRenewed"],
    ["expired", "renew", { "lease-id": ID }, 200],
    ["leased", "change", { "lease-id": ID, "proposed-lease-id": OTHER }, 200],
    ["breaking", "change", { "lease-id": ID, "proposed-lease-id": OTHER }, 409, "LeaseIsBreakingAndCannotBeChanged"],
    ["available", "change", { "lease-id": ID, "proposed-lease-id": OTHER }, 409, "LeaseNotPresentWithLeaseOperation"],
    ["leased", "release", { "lease-id": ID }, 200],
    ["leased", "release", { "lease-id": OTHER }, 409, "LeaseIdMismatchWithLeaseOperation"],
    ["broken", "release", { "lease-id": ID }, 200],
    ["available", "release", { "lease-id": ID }, 409, "LeaseIdMismatchWithLeaseOperation"],
    ["available", "break", {}, 409, "LeaseNotPresentWithLeaseOperation"],
    ["leased", "break", {}, 202],
    ["broken", "break", {}, 202],
    ["expired", "break", {}, 202],
    ["available", "acquire", { "lease-duration": 14 }, 400, "InvalidHeaderValue"],
    ["available", "acquire", { "lease-duration": -1, "proposed-lease-id": "me" }, 400, "InvalidHeaderValue"],
    ["leased", "release", {}, 400, "MissingRequiredHeader"],
  ];

describe.each(OUTCOMES)("a blob that is %s", (state, action, headers, status, code) => {
  test(`answers ${action} ${JSON.stringify(headers)} with ${status} ${code ?? ""}`, async () => {
    const { lease } = await setUp(state);
    const answer = await lease(action, headers);
    expect([answer.status, answer.code]).toEqual([status, code]);
  });
});

describe("a write", () => {
  test.each<[LeaseStatus["state"], string | undefined, string]>([
    ["available", undefined, "done"],
    ["available", ID, "412 LeaseNotPresentWithBlobOperation"],
    ["leased", ID, "done"],
    ["leased", undefined, "412 LeaseIdMissing"],
    ["leased", OTHER, "412 LeaseIdMismatchWithBlobOperation"],
    ["breaking", ID, "done"],
    ["breaking", undefined, "412 LeaseIdMissing"],
    ["broken", ID, "412 LeaseNotPresentWithBlobOperation"],
    ["broken", undefined, "done"],
    ["expired", undefined, "done"],
  ])("on a blob that is %s with the id %s is answered: %s", async (state, id, outcome) => {
    const { put, ask } = await setUp(state);
    const own = id === undefined ? {} : { "x-ms-lease-id": id };
    for (const write of [
      () => put("/tfstate/a", "two", own),
      () => ask("PUT", "/tfstate/a?comp=metadata", { "x-ms-meta-a": "1", ...own }),
      () => ask("DELETE", "/tfstate/a", own),
    ]) {
      const answer = await write();
      expect(answer.status < 300 ? "done" : `${answer.status} ${answer.code}`).toBe(outcome);
    }
    expect((await ask("GET", "/tfstate/a", {})).status).toBe(outcome === "done" ? 404 : 200);
  });

  test("keeps the lease, and reads need none", async () => {
    const { put, ask } = await setUp("leased");
    await put("/tfstate/a", "two", { "x-ms-lease-id": ID });
    const read = await ask("GET", "/tfstate/a", {});
    expect([read.text, read.headers["x-ms-lease-state"]]).toEqual(["two", "leased"]);
    expect((await ask("GET", "/tfstate/a", { "x-ms-lease-id": OTHER })).code).toBe("LeaseIdMismatchWithBlobOperation");
  });
});

test("A break with a period is over by the clock", async () => {
  const { lease, azure, put } = await setUp("leased");
  const broken = await lease("break", { "lease-break-period": 20 });
  expect(broken.headers["x-ms-lease-time"]).toBe("20");
  expect((await put("/tfstate/a")).code).toBe("LeaseIdMissing");
  azure.clock.advance(20_000);
  expect((await put("/tfstate/a")).status).toBe(201);
});

test("Nobody ever writes, renews or releases past somebody else's lease", () => {
  const action = fc.record({
    verb: fc.constantFrom("acquire", "renew", "release", "write", "wait", "break"),
    who: fc.constantFrom(ID, OTHER),
    seconds: fc.constantFrom(-1, 15, 60),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const clock = createClock(new Date(0));
      clock.freeze();
      const leases = createLeases(clock);
      // Who may believe to hold it: from an acquire or renew until its time, a release or a break.
      let holder: { readonly who: string; readonly until: number } | undefined;
      for (const { verb, who, seconds } of actions) {
        const held = holder !== undefined && clock.time() < holder.until ? holder.who : undefined;
        const went = attempt(() => {
          if (verb === "acquire") leases.acquire("a", seconds, who);
          if (verb === "renew") leases.renew("a", who);
          if (verb === "release") leases.release("a", who);
          if (verb === "write") leases.requireWrite("a", who);
          if (verb === "break") leases.break("a", 0);
          if (verb === "wait") clock.advance(10_000);
        });
        if (went && ["acquire", "renew", "release", "write"].includes(verb)) expect([who, undefined]).toContain(held);
        if (went && verb === "write") expect(held).toBe(who);
        const lasts = seconds < 0 ? Infinity : seconds * 1000;
        if (went && verb === "acquire") holder = { who, until: clock.time() + lasts };
        if (went && (verb === "release" || verb === "break")) holder = undefined;
        if (went && verb === "renew") holder = { who, until: Infinity };
        if (leases.find("a").state !== "leased") holder = undefined;
      }
    }),
  );
});

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (failure) {
    if (!(failure instanceof BlobFailure)) throw failure;
    return false;
  }
}
