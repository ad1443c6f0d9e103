import { UserError } from "../kit/user-error.ts";

/** Where an identity signs in, and where its resources live. */
export interface Cloud {
  readonly name: CloudName;
  /** `https://login.microsoftonline.com`, without a trailing slash. */
  readonly authorityHost: string;
  /** `https://management.azure.com`, without a trailing slash. */
  readonly resourceManager: string;
  /** What the ID token's `aud` must be: the audience of the federated credential. */
  readonly audience: string;
  /** The cloud's own audience, which most credentials have; undefined for a custom cloud. */
  readonly usualAudience: string | undefined;
  readonly armScope: string;
  /** What container registries want a token for: never ARM's scope, which a registry can be told to refuse. */
  readonly registryScope: string;
  /** What the login server of every registry ends in (`.azurecr.io`); undefined for a custom cloud. */
  readonly registrySuffix: string | undefined;
  /** What stands behind `.blob.` in the name of a storage account (`core.windows.net`); undefined for a custom cloud. */
  readonly storageSuffix: string | undefined;
  /** What terraform calls it (`ARM_ENVIRONMENT`). */
  readonly terraformEnvironment: string | undefined;
  /** What `az cloud set --name` calls it. */
  readonly azCloudName: string | undefined;
}

export type CloudName = "public" | "usgov" | "china" | "custom";

export interface CloudInputs {
  readonly cloud: CloudName;
  readonly authorityHost: string | undefined;
  readonly resourceManager: string | undefined;
  readonly audience: string | undefined;
}

type KnownCloud = Omit<Cloud, "armScope" | "registryScope" | "usualAudience">;

/** The same in every cloud: registries are an Entra application of this name everywhere. */
const REGISTRY_SCOPE = "https://containerregistry.azure.net/.default";

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations lists the audiences. */
const KNOWN: Readonly<Record<Exclude<CloudName, "custom">, KnownCloud>> = {
  public: {
    name: "public",
    authorityHost: "https://login.microsoftonline.com",
    resourceManager: "https://management.azure.com",
    audience: "api://AzureADTokenExchange",
    registrySuffix: ".azurecr.io",
    storageSuffix: "core.windows.net",
    terraformEnvironment: "public",
    azCloudName: "AzureCloud",
  },
  usgov: {
    name: "usgov",
    authorityHost: "https://login.microsoftonline.us",
    resourceManager: "https://management.usgovcloudapi.net",
    audience: "api://AzureADTokenExchangeUSGov",
    registrySuffix: ".azurecr.us",
    storageSuffix: "core.usgovcloudapi.net",
    terraformEnvironment: "usgovernment",
    azCloudName: "AzureUSGovernment",
  },
  china: {
    name: "china",
    authorityHost: "https://login.partner.microsoftonline.cn",
    resourceManager: "https://management.chinacloudapi.cn",
    audience: "api://AzureADTokenExchangeChina",
    registrySuffix: ".azurecr.cn",
    storageSuffix: "core.chinacloudapi.cn",
    terraformEnvironment: "china",
    azCloudName: "AzureChinaCloud",
  },
};

/**
 * The cloud that the inputs describe.
 *
 * @throws UserError `bad-input` when `custom` lacks an endpoint, or a known cloud is given one of its own.
 */
export function chooseCloud(inputs: CloudInputs): Cloud {
  const known = inputs.cloud === "custom" ? parseCustom(inputs) : parseKnown(inputs.cloud, inputs);
  return {
    ...known,
    audience: inputs.audience ?? known.audience,
    usualAudience: known.name === "custom" ? undefined : known.audience,
    armScope: `${known.resourceManager}/.default`,
    registryScope: REGISTRY_SCOPE,
  };
}

function parseKnown(name: Exclude<CloudName, "custom">, inputs: CloudInputs): KnownCloud {
  const stray = [
    ...(inputs.authorityHost === undefined ? [] : ["authority-host"]),
    ...(inputs.resourceManager === undefined ? [] : ["resource-manager"]),
  ];
  if (stray.length > 0) {
    const them = stray.map((input) => `"${input}"`).join(" and ");
    throw new UserError("bad-input", `${them} may be given only with "cloud: custom", got "cloud: ${name}".`);
  }
  return KNOWN[name];
}

function parseCustom(inputs: CloudInputs): KnownCloud {
  const given = {
    "authority-host": inputs.authorityHost,
    "resource-manager": inputs.resourceManager,
    audience: inputs.audience,
  };
  const missing = Object.entries(given).flatMap(([input, value]) => (value === undefined ? [input] : []));
  if (missing.length > 0) {
    const them = missing.map((input) => `"${input}"`).join(", ");
    throw new UserError("bad-input", `"cloud: custom" needs ${them} as well.`);
  }
  return {
    name: "custom",
    authorityHost: parseEndpoint("authority-host", inputs.authorityHost ?? ""),
    resourceManager: parseEndpoint("resource-manager", inputs.resourceManager ?? ""),
    audience: inputs.audience ?? "",
    registrySuffix: undefined,
    storageSuffix: undefined,
    terraformEnvironment: undefined,
    azCloudName: undefined,
  };
}

/** An https address without path or trailing slash; a bare host name gets its scheme. */
function parseEndpoint(input: string, text: string): string {
  const address = URL.parse(text.includes("://") ? text : `https://${text}`);
  const bare = address !== null && /^\/*$/.test(address.pathname) && address.search === "" && address.hash === "";
  if (address === null || address.protocol !== "https:" || !bare || address.username !== "") {
    throw new UserError("bad-input", `${input}: expected an address such as https://login.example.com, got "${text}"`);
  }
  return address.origin;
}
