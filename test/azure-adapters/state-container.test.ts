import { describe, expect, test } from "@jest/globals";
import { readAll } from "../azure/streams.ts";
import { linesTo } from "./registry-on-emulator.ts";
import { ACCOUNT, CONTAINER, KEY, STATE, stageStorage } from "./storage-on-emulator.ts";

const HOST = `${ACCOUNT}.blob.core.windows.net`;
const LOCK = "1a06e456-61f6-987f-b4bb-f24f34caf356";
const bytes = Buffer.from('{"version":4}');

type Stage = ReturnType<typeof stageStorage>;

/** Leases the state as terraform does: for ever, with a note of who it is. */
function lock({ azure }: Pick<Stage, "azure">, id = LOCK): void {
  azure.blobs.store.leases.acquire(`${ACCOUNT}/${CONTAINER}/${KEY}`, -1, id);
  azure.blobs.setMetadata(STATE, { terraformlockid: "eyJJRCI6IiJ9", other: "kept" });
}

async function content({ azure }: Stage): Promise<string> {
  const stream = azure.blobs.read(STATE);
  return stream === undefined ? "" : (await readAll(stream)).toString();
}

describe("a blob of the state container", () => {
  test("is written, found, read, listed and deleted", async () => {
    const stage = stageStorage();
    const { container } = stage;
    expect(await container.find(KEY)).toBeUndefined();
    expect(await container.read(KEY)).toBeUndefined();
    expect(await container.write(KEY, bytes, { metadata: { who: "run-7" } })).toBe("written");
    expect(await container.find(KEY)).toEqual({
      name: KEY,
      size: bytes.length,
      etag: stage.azure.blobs.find(STATE)?.etag,
      lastModified: new Date("2026-11-21T09:17:00Z"),
      metadata: { who: "run-7" },
      lease: { state: "available", infinite: false },
    });
    expect(await container.read(KEY)).toEqual(bytes);
    await container.write(`${KEY}.run`, Buffer.alloc(0));
    expect(await container.read(`${KEY}.run`)).toEqual(Buffer.alloc(0));
    await container.write("other", bytes);
    expect(await container.list("mayfly/")).toEqual([KEY, `${KEY}.run`]);
    expect(await container.delete(KEY)).toBe("deleted");
    expect(await container.delete(KEY)).toBe("absent");
    expect(await container.list("mayfly/")).toEqual([`${KEY}.run`]);
  });

  test("is asked for with a login for storage, and never with a key", async () => {
    const { azure, container, team } = stageStorage();
    await container.find(KEY);
    const [request] = azure.traffic.find({ host: HOST });
    expect(request?.headers["authorization"]).toBe(`Bearer <${team.principal.objectId}>`);
    expect(azure.traffic.find({ host: "login.microsoftonline.com" })[0]?.body).toContain("storage.azure.com");
  });

  test("with a name that URLs write otherwise stays itself", async () => {
    const { azure, container } = stageStorage();
    const name = "mayfly/1/a b%2F#?ü+&.tfstateenv:pr 1";
    await container.write(name, bytes);
    expect(azure.blobs.find({ ...STATE, name })?.bytes).toBe(bytes.length);
    expect(await container.read(name)).toEqual(bytes);
    expect(await container.list("mayfly/1/a b%2F#")).toEqual([name]);
  });

  test("is listed over all pages", async () => {
    const { azure, container } = stageStorage();
    azure.blobs.settings.pageSize = 2;
    const names = ["p/1", "p/2", "p/3", "p/4", "p/5"];
    for (const name of names) azure.blobs.put({ ...STATE, name }, { type: "BlockBlob" });
    expect(await container.list("p/")).toEqual(names);
  });
});

describe("a write only where nothing is", () => {
  test("leaves what is there", async () => {
    const stage = stageStorage();
    expect(await stage.container.write(KEY, bytes, { onlyNew: true })).toBe("written");
    expect(await stage.container.write(KEY, Buffer.from("other"), { onlyNew: true })).toBe("exists");
    expect(await content(stage)).toBe(bytes.toString());
    expect((await stage.container.find(KEY))?.metadata).toEqual({});
  });

  test("knows itself again where its answer was lost, and nobody else with the same bytes", async () => {
    const { azure, container } = stageStorage();
    const lost = { name: "lost answer", when: { method: "PUT", host: HOST }, times: 1 };
    azure.faults.add(lost, { kind: "reset", carriedOut: true });
    expect(await container.write(KEY, bytes, { onlyNew: true })).toBe("written");
    expect(linesTo(azure, HOST).filter((line) => line.startsWith("PUT"))).toHaveLength(2);
    azure.faults.add({ ...lost, name: "lost request" }, { kind: "reset" });
    expect(await container.write(KEY, bytes, { onlyNew: true })).toBe("exists");
  });
});

describe("a delete", () => {
  test("takes the snapshots along", async () => {
    const { azure, container } = stageStorage();
    await container.write(KEY, bytes);
    azure.blobs.store.history.snapshot(`${ACCOUNT}/${CONTAINER}/${KEY}`, azure.blobs.put(STATE, { type: "BlockBlob" }));
    expect(await container.delete(KEY)).toBe("deleted");
    expect(azure.blobs.names(ACCOUNT, CONTAINER)).toEqual([]);
  });

  test("leaves a blob that is locked, or that is not what was seen", async () => {
    const stage = stageStorage();
    const { azure, container } = stage;
    await container.write(KEY, bytes);
    const seen = await container.find(KEY);
    azure.blobs.setMetadata(STATE, { changed: "yes" });
    expect(await container.delete(KEY, { etag: seen?.etag ?? "" })).toBe("changed");
    lock(stage);
    expect(await container.delete(KEY)).toBe("leased");
    expect(await content(stage)).toBe(bytes.toString());
  });
});

describe("a lock that is broken", () => {
  test("lets the next one write, and the note of it is gone", async () => {
    const stage = stageStorage();
    const { azure, container } = stage;
    await container.write(KEY, bytes);
    lock(stage);
    const seen = await container.find(KEY);
    expect(seen?.lease).toEqual({ state: "leased", infinite: true });
    await expect(container.write(KEY, bytes)).rejects.toMatchObject({ code: "state-blob-leased" });
    expect(await container.breakLease(KEY, { etag: seen?.etag ?? "" })).toBe("broken");
    expect(azure.blobs.lease(STATE)).toEqual({ state: "available", status: "unlocked" });
    expect(azure.blobs.find(STATE)?.metadata).toEqual({ other: "kept" });
    expect(await content(stage)).toBe(bytes.toString());
    expect(await container.write(KEY, Buffer.from("next"))).toBe("written");
  });

  test("is broken also where only the note is left, or only the lease", async () => {
    const { azure, container } = stageStorage();
    azure.blobs.put(STATE, { type: "BlockBlob", metadata: { terraformlockid: "x" } });
    expect(await container.breakLease(KEY)).toBe("broken");
    expect(azure.blobs.find(STATE)?.metadata).toEqual({});
    azure.blobs.store.leases.acquire(`${ACCOUNT}/${CONTAINER}/${KEY}`, -1, LOCK);
    expect(await container.breakLease(KEY)).toBe("broken");
    expect(azure.blobs.lease(STATE).state).toBe("broken");
    expect(await container.breakLease("nothing")).toBe("absent");
  });

  test("is not the one that somebody has taken since it was looked at", async () => {
    const stage = stageStorage();
    const { azure, container } = stage;
    await container.write(KEY, bytes);
    lock(stage);
    const seen = await container.find(KEY);
    const [key, other] = [`${ACCOUNT}/${CONTAINER}/${KEY}`, "ffffffff-61f6-987f-b4bb-f24f34caf356"];
    azure.blobs.store.leases.release(key, LOCK);
    lock(stage, other);
    expect(await container.breakLease(KEY, { etag: seen?.etag ?? "" })).toBe("changed");
    expect(azure.blobs.lease(STATE)).toMatchObject({ state: "leased", id: other });
  });

  test("is not the one that somebody takes just before it is broken, or before its note goes", async () => {
    for (const comp of ["comp=lease", "comp=metadata"]) {
      const stage = stageStorage();
      const { azure, container } = stage;
      await container.write(KEY, bytes);
      lock(stage);
      const [key, other] = [`${ACCOUNT}/${CONTAINER}/${KEY}`, "ffffffff-61f6-987f-b4bb-f24f34caf356"];
      const take = () => {
        azure.blobs.store.leases.release(key, LOCK);
        lock(stage, other);
      };
      azure.faults.add(
        { name: "taken", when: { query: new RegExp(comp) }, times: 1 },
        { kind: "meanwhile", run: take },
      );
      expect(await container.breakLease(KEY)).toBe("changed");
      expect(azure.blobs.lease(STATE)).toMatchObject({ state: "leased", id: other });
      expect(azure.blobs.find(STATE)?.metadata).toHaveProperty("terraformlockid");
    }
  });
});
