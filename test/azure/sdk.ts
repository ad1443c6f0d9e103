import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientAssertionCredential } from "@azure/identity";
import type { Azure } from "./azure.ts";
import type { Team } from "./team.ts";

/** The real credential of `@azure/identity`: each assertion is asked of the issuer with the job's request token. */
export function sdkCredential(azure: Azure, { tenantId, clientId, job }: Team): ClientAssertionCredential {
  const assertion = async () => {
    const url = `${job.requestUrl}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`;
    const response = await azure.answer({
      method: "GET",
      url,
      headers: { authorization: `Bearer ${job.requestToken}` },
    });
    return (JSON.parse(response.body.toString()) as { value: string }).value;
  };
  return new ClientAssertionCredential(tenantId, clientId, assertion, {
    httpClient: azure.httpClient(),
    retryOptions: { maxRetries: 0 },
  });
}

/** The real ARM client; `retries` of its pipeline are off unless asked for, since they wait in real time. */
export function sdkClient(azure: Azure, team: Team, retries = 0): ResourceManagementClient {
  return new ResourceManagementClient(sdkCredential(azure, team), team.subscriptionId, {
    httpClient: azure.httpClient(),
    retryOptions: { maxRetries: retries },
  });
}
