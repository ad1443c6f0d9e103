import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listTools } from "../../scripts/tools/catalogue.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { SHORT_LIVED_GO } from "../short-lived-go.ts";

/** What makes `terraform init` take the provider that was built here, and ask no registry. */
export interface AzurermMirror {
  /** `5.2.0`. */
  readonly version: string;
  readonly env: { readonly TF_CLI_CONFIG_FILE: string } & typeof SHORT_LIVED_GO;
}

/**
 * Lays the built azurerm provider out as a filesystem mirror in a folder. `dev_overrides` would not do: a configuration with
 * a backend needs `init`.
 *
 * @throws Error that says how to get the provider where it has not been built
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export async function createAzurermMirror(folder: string): Promise<AzurermMirror> {
  const { "terraform-provider-azurerm": program } = needTools("azurerm");
  const version = listTools().find(({ name }) => name === "azurerm")?.version ?? "";
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const home = join(folder, "registry.terraform.io/hashicorp/azurerm", version, platform);
  await mkdir(home, { recursive: true });
  await symlink(program, join(home, `terraform-provider-azurerm_v${version}`));
  const file = join(folder, "terraform.tfrc");
  // One block a line: terraform's reader of this file refuses nested blocks on one.
  await writeFile(
    file,
    `provider_installation {
  filesystem_mirror {
    path = ${JSON.stringify(folder)}
  }
}
`,
  );
  return { version, env: { TF_CLI_CONFIG_FILE: file, ...SHORT_LIVED_GO } };
}
