import { CLOUDS, type Cloud } from "../clouds.ts";
import { jsonResponse, type WireResponse } from "../wire.ts";

/** `GET /metadata/endpoints`, which nobody needs a token for: one cloud in the newer api-versions, all in a list from 2019 on. */
export function metadataResponse(cloud: Cloud, apiVersion: string): WireResponse {
  if (apiVersion >= "2022-09-01") return jsonResponse(200, endpoints(cloud));
  return jsonResponse(200, apiVersion >= "2019-05-01" ? Object.values(CLOUDS).map(endpoints) : endpoints(cloud));
}

function endpoints(cloud: Cloud): Record<string, unknown> {
  const login = `https://${cloud.authority}`;
  const suffixes: Readonly<Record<Cloud["name"], Record<string, string>>> = {
    public: {
      storage: "core.windows.net",
      keyVaultDns: "vault.azure.net",
      acrLoginServer: "azurecr.io",
      sqlServerHostname: "database.windows.net",
    },
    usgov: {
      storage: "core.usgovcloudapi.net",
      keyVaultDns: "vault.usgovcloudapi.net",
      acrLoginServer: "azurecr.us",
      sqlServerHostname: "database.usgovcloudapi.net",
    },
    china: {
      storage: "core.chinacloudapi.cn",
      keyVaultDns: "vault.azure.cn",
      acrLoginServer: "azurecr.cn",
      sqlServerHostname: "database.chinacloudapi.cn",
    },
  };
  return {
    name: cloud.label,
    resourceManager: `https://${cloud.resourceManager}/`,
    authentication: {
      loginEndpoint: login,
      audiences: cloud.armAudiences.map((audience) => `${audience}/`),
      tenant: "common",
      identityProvider: "AAD",
    },
    graph: "https://graph.windows.net/",
    graphAudience: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    portal: "https://portal.azure.com",
    gallery: "https://gallery.azure.com/",
    batch: "https://batch.core.windows.net/",
    media: "https://rest.media.azure.net",
    vmImageAliasDoc:
      "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json",
    suffixes: suffixes[cloud.name],
  };
}
