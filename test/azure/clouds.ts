export type CloudName = "public" | "usgov" | "china";

/** One Azure cloud by its real host names. */
export interface Cloud {
  readonly name: CloudName;
  /** What az calls it. */
  readonly label: string;
  readonly authority: string;
  readonly resourceManager: string;
  /** Audiences that its ARM accepts in a token. */
  readonly armAudiences: readonly string[];
  /** Issuer of version 1 tokens, before the tenant. */
  readonly tokenIssuer: string;
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  public: {
    name: "public",
    label: "AzureCloud",
    authority: "login.microsoftonline.com",
    resourceManager: "management.azure.com",
    armAudiences: ["https://management.azure.com", "https://management.core.windows.net"],
    tokenIssuer: "https://sts.windows.net",
  },
  usgov: {
    name: "usgov",
    label: "AzureUSGovernment",
    authority: "login.microsoftonline.us",
    resourceManager: "management.usgovcloudapi.net",
    armAudiences: ["https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"],
    tokenIssuer: "https://sts.windows.net",
  },
  china: {
    name: "china",
    label: "AzureChinaCloud",
    authority: "login.partner.microsoftonline.cn",
    resourceManager: "management.chinacloudapi.cn",
    armAudiences: ["https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"],
    tokenIssuer: "https://sts.chinacloudapi.cn",
  },
};

const AUTHORITY_ALIASES: Readonly<Record<string, CloudName>> = {
  "login.windows.net": "public",
  "login.microsoft.com": "public",
  "sts.windows.net": "public",
  "partner.microsoftonline.cn": "china",
  "login.chinacloudapi.cn": "china",
};

export function cloudOfAuthority(host: string): Cloud | undefined {
  const alias = AUTHORITY_ALIASES[host];
  return alias === undefined ? Object.values(CLOUDS).find(({ authority }) => authority === host) : CLOUDS[alias];
}

export function cloudOfResourceManager(host: string): Cloud | undefined {
  return Object.values(CLOUDS).find(({ resourceManager }) => resourceManager === host);
}
