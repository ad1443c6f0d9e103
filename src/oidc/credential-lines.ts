import { bicepQuote, shellQuote, terraformQuote } from "../paste/quote.ts";
import type { IdTokenClaims } from "./claims.ts";
import { parseSubject } from "./subject.ts";

/** A way to add the federated credential: ready to paste, with the token's own values. */
export interface ReadyLines {
  readonly tool: string;
  readonly kind: "managed identity" | "app";
  /** The language of the block, as Markdown names it. */
  readonly language: "bash" | "hcl" | "bicep";
  readonly text: string;
}

type Presented = Pick<IdTokenClaims, "issuer" | "subject" | "audience">;

/**
 * Every way to add a federated credential for what was presented. The client id does not tell an app from a managed
 * identity, so both forms are given. Words in capitals are the reader's to fill in; az finds them by itself.
 */
export function listReadyLines(clientId: string, presented: Presented): readonly ReadyLines[] {
  const name = nameCredential(presented.subject);
  return [
    { tool: "az", kind: "managed identity", language: "bash", text: azIdentity(clientId, name, presented) },
    { tool: "az", kind: "app", language: "bash", text: azApp(clientId, name, presented) },
    { tool: "terraform, azurerm 5", kind: "managed identity", language: "hcl", text: azurerm(name, presented, 5) },
    { tool: "terraform, azurerm 4", kind: "managed identity", language: "hcl", text: azurerm(name, presented, 4) },
    { tool: "terraform, azuread 3", kind: "app", language: "hcl", text: azuread(clientId, name, presented) },
    { tool: "bicep", kind: "managed identity", language: "bicep", text: bicepIdentity(name, presented) },
    { tool: "bicep, Microsoft Graph 1.0", kind: "app", language: "bicep", text: bicepApp(name, presented) },
  ];
}

/** A name that Entra takes: 3 to 120 of letters, digits, `-` and `_`, told from the subject, such as `app-preview`. */
export function nameCredential(subject: string): string {
  const parsed = parseSubject(subject);
  const context = parsed?.context;
  const tail =
    context === undefined
      ? subject
      : context.kind === "environment"
        ? context.name
        : context.kind === "ref"
          ? context.ref.replace(/^refs\/(heads|tags)\//, "")
          : "pull-request";
  const slug = `${parsed?.repository ?? "github"}-${tail}`.replace(/[^A-Za-z0-9_-]+/g, "-");
  return `gh-${slug.replace(/^[-_]+|[-_]+$/g, "")}`.slice(0, 120).replace(/[-_]+$/, "");
}

function azIdentity(clientId: string, name: string, presented: Presented): string {
  const query = shellQuote(`[?clientId=='${clientId}'].[name, resourceGroup]`);
  return [
    `read -r IDENTITY GROUP < <(az identity list --query ${query} --output tsv)`,
    "az identity federated-credential create \\",
    '  --identity-name "$IDENTITY" --resource-group "$GROUP" \\',
    `  --name ${shellQuote(name)} \\`,
    `  --issuer ${shellQuote(presented.issuer)} \\`,
    `  --subject ${shellQuote(presented.subject)} \\`,
    `  --audiences ${shellQuote(presented.audience)}`,
  ].join("\n");
}

function azApp(clientId: string, name: string, presented: Presented): string {
  const { issuer, subject, audience } = presented;
  const parameters = JSON.stringify({ name, issuer, subject, audiences: [audience] });
  return [
    `az ad app federated-credential create --id ${shellQuote(clientId)} \\`,
    `  --parameters ${shellQuote(parameters)}`,
  ].join("\n");
}

function azurerm(name: string, presented: Presented, version: 4 | 5): string {
  const identity = "data.azurerm_user_assigned_identity.this";
  const parent =
    version === 5
      ? { user_assigned_identity_id: `${identity}.id` }
      : { parent_id: `${identity}.id`, resource_group_name: `${identity}.resource_group_name` };
  return [
    hclBlock('data "azurerm_user_assigned_identity" "this"', { name: '"IDENTITY"', resource_group_name: '"GROUP"' }),
    hclBlock(`resource "azurerm_federated_identity_credential" "${labelOf(name)}"`, {
      name: terraformQuote(name),
      ...parent,
      issuer: terraformQuote(presented.issuer),
      subject: terraformQuote(presented.subject),
      audience: `[${terraformQuote(presented.audience)}]`,
    }),
  ].join("\n\n");
}

function azuread(clientId: string, name: string, presented: Presented): string {
  return [
    hclBlock('data "azuread_application" "this"', { client_id: terraformQuote(clientId) }),
    hclBlock(`resource "azuread_application_federated_identity_credential" "${labelOf(name)}"`, {
      application_id: "data.azuread_application.this.id",
      display_name: terraformQuote(name),
      issuer: terraformQuote(presented.issuer),
      subject: terraformQuote(presented.subject),
      audiences: `[${terraformQuote(presented.audience)}]`,
    }),
  ].join("\n\n");
}

/** A block as `terraform fmt` would leave it. */
function hclBlock(head: string, values: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(values).map((key) => key.length));
  const lines = Object.entries(values).map(([key, value]) => `  ${key.padEnd(width)} = ${value}`);
  return [`${head} {`, ...lines, "}"].join("\n");
}

function labelOf(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

function bicepIdentity(name: string, presented: Presented): string {
  return [
    "resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {",
    "  name: 'IDENTITY'",
    "",
    "  resource github 'federatedIdentityCredentials' = {",
    `    name: ${bicepQuote(name)}`,
    "    properties: {",
    `      issuer: ${bicepQuote(presented.issuer)}`,
    `      subject: ${bicepQuote(presented.subject)}`,
    `      audiences: [${bicepQuote(presented.audience)}]`,
    "    }",
    "  }",
    "}",
  ].join("\n");
}

function bicepApp(name: string, presented: Presented): string {
  return [
    "extension 'br:mcr.microsoft.com/bicep/extensions/microsoftgraph/v1.0:1.0.0'",
    "",
    "resource app 'Microsoft.Graph/applications@v1.0' existing = {",
    "  uniqueName: 'APP'",
    "}",
    "",
    "resource github 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {",
    `  name: '\${app.uniqueName}/${bicepQuote(name).slice(1)}`,
    `  issuer: ${bicepQuote(presented.issuer)}`,
    `  subject: ${bicepQuote(presented.subject)}`,
    `  audiences: [${bicepQuote(presented.audience)}]`,
    "}",
  ].join("\n");
}
