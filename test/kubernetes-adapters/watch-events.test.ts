import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import { readWatchEvents } from "../../src/kubernetes/watch-events.ts";

const POD = { apiVersion: "v1", kind: "Pod", resource: "pods", namespaced: true, verbs: ["watch"] };

test("an object whose annotations are emptied is seen as any other", async () => {
  const object = { metadata: { name: "a", resourceVersion: "7", annotations: null } };
  const lines = ["ADDED", "BOOKMARK"].map((type) => `${JSON.stringify({ type, object })}\n`);
  const response = Readable.from(lines.map((line) => Buffer.from(line))) as IncomingMessage;
  const events: unknown[] = [];
  for await (const event of readWatchEvents(response, POD)) events.push(event);
  expect(events).toMatchObject([
    { type: "seen", resourceVersion: "7", object: { kind: "Pod", metadata: { name: "a" } } },
    { type: "bookmark", resourceVersion: "7", initial: false },
  ]);
});
