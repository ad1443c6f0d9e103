import { expect, test } from "@jest/globals";
import { act } from "./act.ts";
import { REPORTS } from "./fake/files.ts";
import { TAGS } from "./fake/kubelet.ts";
import { createScene, NAMESPACE, type Scene } from "./fake-world.ts";

const SECRET = "sesame-open-42";
const ENCODED = Buffer.from(`user:${SECRET}`).toString("base64");

/** A container that prints its secret, in its log, in its end, and in an event. */
function leak(scene: Scene): void {
  scene.cluster.listen(({ type, object }) => {
    const { name } = object.metadata;
    if (type !== "ADDED" || object.kind !== "Pod") return;
    const log = `${NAMESPACE}/${name}/main`;
    scene.cluster.settings.logs.set(log, `login with ${SECRET}\n`);
    scene.cluster.settings.logs.set(`${log}/previous`, `Authorization: ${ENCODED}\nlogin with ${SECRET} failed\n`);
    scene.cluster.put({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.1`, namespace: NAMESPACE },
      type: "Warning",
      reason: "Failed",
      message: `exec: login --password=${SECRET}`,
      involvedObject: { kind: "Pod", namespace: NAMESPACE, name, uid: object.metadata.uid },
      lastTimestamp: new Date(scene.time.now()).toISOString(),
    });
  });
}

test("evidence of a rollout has states, events and logs, and no secret, wherever that was printed", async () => {
  const scene = createScene();
  await act(scene);
  leak(scene);
  const given = { "secret-values": `password: ${SECRET}`, set: `tag=${TAGS.crashing}` };
  const done = await act(scene, given);

  expect([done.code, done.outputs["evidence-path"]]).toEqual(["rollout-failed", `${REPORTS}/shop`]);
  const reports = [...done.world.files.all].filter(([path]) => path.startsWith(REPORTS));
  const names = reports.map(([path]) => path.slice(REPORTS.length + 1).replace(/api-[0-9a-f]+/, "api"));
  expect(names).toEqual(
    expect.arrayContaining(["shop/states.txt", "shop/events.txt", "shop/api-x2x2x.main.log", "plan.json"]),
  );
  const kept = reports.map(([, { content }]) => content).join("\n");
  expect(kept).toContain("login with ***");
  const all = [kept, done.message, done.log, done.summary, JSON.stringify([done.outputs, done.world.annotations])];
  for (const text of all) expect([SECRET, ENCODED.slice(8, -4)].filter((form) => text.includes(form))).toEqual([]);
});

test("evidence says what could not be read in its place", async () => {
  const scene = createScene();
  await act(scene);
  scene.cluster.settings.refuse = ({ verb }) => {
    if (verb === "log") throw new Error("the node does not answer");
    return undefined;
  };
  const done = await act(scene, { set: `tag=${TAGS.crashing}` });

  const logs = [...done.world.files.all].filter(([path]) => path.endsWith(".log"));
  expect(logs.map(([, { content }]) => content)).toEqual(["(the log cannot be read: the node does not answer)\n"]);
  expect(done.outputs.status).toBe("rolled-back");
  expect(done.message).not.toContain("Its log ends");
});

test("nothing is kept where nobody wants it", async () => {
  const scene = createScene();
  await act(scene);
  const done = await act(scene, { set: `tag=${TAGS.missing}`, evidence: "never" });

  expect(done.outputs["evidence-path"]).toBeUndefined();
  expect([...done.world.files.all.keys()].filter((path) => path.startsWith(`${REPORTS}/shop`))).toEqual([]);
});
