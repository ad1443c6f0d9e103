import { createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { StoragePipelineOptions } from "@azure/storage-blob";
import type { Azure } from "../azure.ts";

type StorageClient = NonNullable<StoragePipelineOptions["httpClient"]>;

/**
 * For the `httpClient` option of clients of `@azure/storage-blob`, which still want the older kind:
 * they read the headers of an answer with `toJson`.
 */
export function storageHttpClient(azure: Azure): StorageClient {
  const client = azure.httpClient();
  return {
    sendRequest: async (resource) => {
      const { url, method, body, abortSignal, streamResponseStatusCodes } = resource;
      const headers = createHttpHeaders(resource.headers.toJson({ preserveCase: true }));
      const request = createPipelineRequest({
        ...{ url, method, body, headers },
        ...(abortSignal === undefined ? {} : { abortSignal }),
        ...(streamResponseStatusCodes === undefined ? {} : { streamResponseStatusCodes }),
      });
      const response = await client.sendRequest(request);
      const toJson = () => response.headers.toJSON({ preserveCase: true });
      const answered = { ...response, request: resource, headers: Object.assign(response.headers, { toJson }) };
      return answered as unknown as Awaited<ReturnType<StorageClient["sendRequest"]>>;
    },
  };
}
