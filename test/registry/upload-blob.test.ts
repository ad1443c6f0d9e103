import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { UserError } from "../../src/kit/user-error.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { RegistryFault } from "../../src/registry/registry-fault.ts";
import { type Asked, createFarRegistry, digestOf, type FarOptions, json, oops, type Said } from "./far-registry.ts";
import { meet } from "./far-world.ts";

const CONTENT = Buffer.from("a layer of an image");
const BLOB = { digest: digestOf(CONTENT), size: CONTENT.length };

function setUp(options: FarOptions = {}) {
  const far = createFarRegistry(options);
  const world = meet(far);
  let opened = 0;
  const open = async () => {
    opened += 1;
    return Readable.from([CONTENT.subarray(0, 7), CONTENT.subarray(7)]);
  };
  const registry = connectRegistry(world.session);
  const arrived = () => far.blobs.get(`team/app@${BLOB.digest}`);
  return { far, ...world, registry, open, arrived, opened: () => opened };
}

/** Spoils the first so many requests that fit. */
function spoil(times: number, fits: (asked: Asked) => boolean, how: Said) {
  let left = times;
  return (asked: Asked): Said | undefined => {
    if (left === 0 || !fits(asked)) return undefined;
    left -= 1;
    return how;
  };
}

describe("an upload", () => {
  test("is one POST and one PUT with the whole blob", async () => {
    const { far, registry, open, arrived } = setUp();
    await registry.uploadBlob("team/app", BLOB, open);
    expect(arrived()).toEqual(CONTENT);
    expect(far.lines().slice(-2)).toEqual([
      "POST /v2/team/app/blobs/uploads/",
      `PUT /v2/team/app/blobs/uploads/one?_state=secret&digest=${encodeURIComponent(BLOB.digest)}`,
    ]);
    expect(far.requests.at(-1)?.headers["content-length"]).toBe(String(CONTENT.length));
  });

  test.each([
    ["a busy registry", { status: 503 }],
    ["a cut connection", { status: 0, fault: "ECONNRESET" }],
    ["an upload that the registry has forgotten", json(404, oops("BLOB_UPLOAD_UNKNOWN", "blob upload unknown"))],
  ] as const)("begins anew after %s, with the source opened again", async (_, how) => {
    const { far, registry, open, opened, arrived } = setUp();
    far.intercept(spoil(1, ({ method }) => method === "PUT", how));
    await registry.uploadBlob("team/app", BLOB, open);
    expect(arrived()).toEqual(CONTENT);
    expect(opened()).toBe(2);
    expect(far.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  test("whose answer was lost is not sent again", async () => {
    const { far, registry, open, opened } = setUp();
    far.intercept((asked) => {
      if (asked.method !== "PUT") return undefined;
      far.blobs.set(`team/app@${BLOB.digest}`, asked.body);
      return { status: 0, fault: "ECONNRESET" };
    });
    await registry.uploadBlob("team/app", BLOB, open);
    expect(opened()).toBe(1);
  });

  test("with a token that ends in the middle goes on with a fresh one", async () => {
    const { far, registry, open, arrived } = setUp();
    let revoked = false;
    far.intercept(({ method }) => {
      if (method !== "PUT" || revoked) return undefined;
      revoked = true;
      far.revoke();
      return undefined;
    });
    await registry.uploadBlob("team/app", BLOB, open);
    expect(arrived()).toEqual(CONTENT);
    expect(far.requests.filter(({ url }) => url.pathname === "/token")).toHaveLength(2);
  });

  test("that is refused twice is refused", async () => {
    const { far, registry, open } = setUp();
    far.intercept(({ method }) => (method === "PUT" ? far.refuse() : undefined));
    await expect(registry.uploadBlob("team/app", BLOB, open)).rejects.toMatchObject({ facts: { status: 401 } });
    expect(far.requests.filter(({ method }) => method === "PUT")).toHaveLength(2);
  });

  test("goes piece by piece to a registry that takes no large bodies", async () => {
    const { far, registry, waits } = setUp();
    const content = Buffer.alloc(9 * 1024 * 1024, "mayfly");
    const blob = { digest: digestOf(content), size: content.length };
    far.intercept(({ method, body }) =>
      method === "PUT" && body.length > 0 ? { status: 413, body: "too large" } : undefined,
    );
    const chunks = Array.from({ length: 144 }, (_, n) => content.subarray(n * 65_536, (n + 1) * 65_536));
    await registry.uploadBlob("team/app", blob, async () => Readable.from(chunks));
    expect(far.blobs.get(`team/app@${blob.digest}`)?.equals(content)).toBe(true);
    expect(
      far.requests.filter(({ method }) => method === "PATCH").map(({ headers }) => headers["content-range"]),
    ).toEqual(["0-4194303", "4194304-8388607", "8388608-9437183"]);
    expect(waits).toEqual([0]);
  });

  test("goes piece by piece, too, where large bodies are cut without a word", async () => {
    const { far, registry, open, arrived } = setUp();
    far.intercept(({ method, body }) =>
      method === "PUT" && body.length > 0 ? { status: 0, fault: "EPIPE" } : undefined,
    );
    await registry.uploadBlob("team/app", BLOB, open);
    expect(arrived()).toEqual(CONTENT);
  });

  test("goes to the host that the registry names, without our token", async () => {
    const { far, registry, open } = setUp();
    far.intercept(({ method, url }) => {
      if (method === "POST") return { status: 202, headers: { location: "https://up.example.com/put?sig=1" } };
      return url.host === "up.example.com" ? { status: 201 } : undefined;
    });
    await registry.uploadBlob("team/app", BLOB, open);
    expect(far.requests.at(-1)).toMatchObject({ body: CONTENT, authorization: undefined });
  });

  test("of a source with other bytes than promised ends there", async () => {
    const { registry, opened, arrived, far } = setUp();
    for (const chunks of [[CONTENT, CONTENT], [Buffer.from("short")]]) {
      const work = registry.uploadBlob("team/app", BLOB, async () => Readable.from(chunks));
      await expect(work).rejects.toMatchObject({ code: "broken-image" });
    }
    expect(arrived()).toBeUndefined();
    expect(opened()).toBe(0);
    expect(far.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  test("whose source breaks by itself ends with that", async () => {
    const { registry } = setUp();
    const broken = new UserError("broken-archive", "the file ends too early");
    const open = async () =>
      Readable.from(
        (async function* () {
          yield CONTENT.subarray(0, 3);
          throw broken;
        })(),
      );
    await expect(registry.uploadBlob("team/app", BLOB, open)).rejects.toBe(broken);
  });

  test("from a registry that cuts the connection begins anew", async () => {
    const { registry, arrived } = setUp();
    const facts = { request: "GET /v2/x", host: "a", status: undefined, code: "no-answer", said: "cut", passing: true };
    let opened = 0;
    await registry.uploadBlob("team/app", BLOB, async () => {
      opened += 1;
      const fails = opened === 1;
      return Readable.from(
        (async function* () {
          yield CONTENT.subarray(0, 3);
          if (fails) throw new RegistryFault(facts);
          yield CONTENT.subarray(3);
        })(),
      );
    });
    expect(arrived()).toEqual(CONTENT);
    expect(opened).toBe(2);
  });

  test("with the wrong digest is refused by the registry, once", async () => {
    const { registry } = setUp();
    const other = Buffer.alloc(CONTENT.length);
    const work = registry.uploadBlob("team/app", BLOB, async () => Readable.from([other]));
    await expect(work).rejects.toMatchObject({ facts: { status: 400, code: "DIGEST_INVALID" } });
  });

  test("stops when the job is cancelled", async () => {
    const { registry, cancel } = setUp();
    const work = registry.uploadBlob("team/app", BLOB, async () => {
      setTimeout(() => cancel.abort(), 20);
      return new Readable({ read: () => undefined });
    });
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
  });
});
