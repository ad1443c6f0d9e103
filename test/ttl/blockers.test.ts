import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { listBlockers, readFault } from "../../src/ttl/blockers.ts";

const SUBNET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/a";

test("names each culprit of a blocked delete, out of JSON inside JSON", () => {
  const provider = {
    error: { code: "InUseSubnetCannotBeDeleted", message: "Subnet a is in use by nic1", details: [] },
  };
  const fault = readFault({
    error: {
      code: "ResourceGroupDeletionBlocked",
      message: "Deletion of resource group 'g' failed",
      details: [
        { code: "Conflict", target: SUBNET, message: JSON.stringify(provider) },
        { target: `${SUBNET}b`, message: "plain words" },
      ],
    },
  });
  expect(fault === undefined ? [] : listBlockers(fault)).toEqual([
    { resource: SUBNET, code: "InUseSubnetCannotBeDeleted", message: "Subnet a is in use by nic1" },
    { resource: `${SUBNET}b`, code: "", message: "plain words" },
  ]);
});

test("finds what a lock locks in ARM's sentence", () => {
  const message = `The scope '/a' cannot perform delete operation because following scope(s) are locked: '${SUBNET}'. Please remove the lock and try again.`;
  expect(listBlockers({ code: "ScopeLocked", message })).toEqual([{ resource: SUBNET, code: "ScopeLocked", message }]);
});

test("reads no error out of what is none, and never throws", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const fault = readFault(body);
      if (fault !== undefined) expect(listBlockers(fault).length).toBeGreaterThan(0);
    }),
  );
  expect(readFault(null)).toBeUndefined();
  expect(readFault("ResourceGroupNotFound")).toBeUndefined();
});

test("text that looks like JSON and is none stays text", () => {
  expect(listBlockers({ code: "X", message: "{broken" })).toEqual([
    { resource: undefined, code: "X", message: "{broken" },
  ]);
});
