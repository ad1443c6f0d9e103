import { expect, test } from "@jest/globals";
import { listStates, readStates } from "../../scripts/demo/states.ts";
import { createAzure } from "../azure/azure.ts";
import { keyOf } from "../azure/blobs/blob.ts";

const PLACE = { account: "states", container: "previews" };
const DIGEST = "0123456789abcdef".repeat(4);

const instance = (id: string, other: object = {}) => ({ attributes: { id }, ...other });
const STATE = JSON.stringify({
  serial: 7,
  resources: [
    { type: "terraform_data", name: "cache", instances: [instance("c0ffee00-1", { status: "tainted" })] },
    {
      type: "terraform_data",
      name: "worker",
      instances: [instance("a0000000-1", { index_key: 0 }), instance("b0000000-1", { index_key: "b" })],
    },
  ],
});

test("states are told as their resources, with their locks and what lies beside them", async () => {
  const azure = createAzure();
  await using blobs = azure.blobs;
  blobs.addAccount({ name: PLACE.account, subscriptionId: "s", containers: [PLACE.container] });
  const put = (name: string, text: string) => blobs.put({ ...PLACE, name }, { type: "BlockBlob" }, text);
  put("mayfly/7/pr-8.tfstate", STATE);
  put(`mayfly/7/pr-8.tfstate.plan/${DIGEST}`, "a plan");
  put("mayfly/7/pr-9.tfstate", "");
  blobs.store.leases.acquire(keyOf({ ...PLACE, name: "mayfly/7/pr-9.tfstate" }), -1, undefined);

  const states = await readStates(blobs, PLACE);
  expect(states.map(({ name, serial, resources }) => [name, serial, resources.length])).toEqual([
    ["mayfly/7/pr-8.tfstate", 7, 3],
    [`mayfly/7/pr-8.tfstate.plan/${DIGEST}`, undefined, 0],
    ["mayfly/7/pr-9.tfstate", undefined, 0],
  ]);
  expect(listStates(states)).toEqual([
    { name: "pr-8.tfstate", note: "serial 7 · not locked", holder: true },
    { name: "pr-8.tfstate: terraform_data.cache", note: "c0ffee00 · half-made" },
    { name: 'pr-8.tfstate: terraform_data.worker["b"]', note: "b0000000" },
    { name: "pr-8.tfstate: terraform_data.worker[0]", note: "a0000000" },
    { name: "pr-8.tfstate.plan/0123456789ab…", note: "kept beside the state", holder: true },
    { name: "pr-9.tfstate", note: "empty · locked", holder: true },
  ]);
});
