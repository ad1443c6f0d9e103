import { describe, expect, test } from "@jest/globals";
import { ADMIN_TOKEN } from "../kubernetes/api-server.ts";
import { makeBed } from "./on-stand-in.ts";

const ACCOUNT = { namespace: "default", name: "worker" } as const;

describe("a token of a service account", () => {
  test("is for the audience, lives ten minutes, and is masked", async () => {
    await using bed = await makeBed();
    bed.server.put({ apiVersion: "v1", kind: "ServiceAccount", metadata: ACCOUNT });
    const token = await bed.connect().createToken(ACCOUNT, "api://AzureADTokenExchange");
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({
      sub: "system:serviceaccount:default:worker",
      aud: ["api://AzureADTokenExchange"],
      exp: claims.iat + 600,
    });
    expect(bed.masked).toEqual([ADMIN_TOKEN, token]);
  });

  test("is refused for one that is not there, and without the right", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    await expect(cluster.createToken(ACCOUNT, "a")).rejects.toMatchObject({
      status: 404,
      message: 'serviceaccounts "worker" not found',
    });
    bed.server.settings.may = () => false;
    await expect(cluster.createToken(ACCOUNT, "a")).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('cannot create resource "serviceaccounts/token"'),
    });
  });

  test("is not made of an answer without one", async () => {
    await using bed = await makeBed();
    bed.server.faults.add({ when: { path: /token/ }, effect: { status: 201, page: '{"status":{}}' } });
    await expect(bed.connect().createToken(ACCOUNT, "a")).rejects.toMatchObject({ status: 502 });
  });
});
