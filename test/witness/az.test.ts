import { describe, expect, test } from "@jest/globals";
import { AzFailure, parseAzError } from "./az.ts";

// As az 2.91 prints them, with shorter names.
const BLOCKED = `ERROR: (ResourceGroupDeletionBlocked) Deletion of resource group 'g' failed.
Code: ResourceGroupDeletionBlocked
Message: Deletion of resource group 'g' failed.
Exception Details:\t(NicInUse) {"error":{"code":"NicInUse"}}
\tCode: NicInUse
\tMessage: {"error":{"code":"NicInUse"}}
\tTarget: /subscriptions/s/nic\t(AccountIsBusy) Try again later.
\tCode: AccountIsBusy
\tMessage: Try again later.
`;

describe("an error that az prints", () => {
  test("is read with all its details", () => {
    expect(parseAzError(BLOCKED)).toEqual({
      code: "ResourceGroupDeletionBlocked",
      message: "Deletion of resource group 'g' failed.",
      details: [
        { code: "NicInUse", message: '{"error":{"code":"NicInUse"}}', target: "/subscriptions/s/nic" },
        { code: "AccountIsBusy", message: "Try again later." },
      ],
    });
  });

  test("that is not ARM's is a failure of az", () => {
    expect(() => parseAzError("ERROR: Unexpected --parent for lock x, expected /virtualNetworks")).toThrow(AzFailure);
  });
});
