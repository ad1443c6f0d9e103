import { spawnSync } from "node:child_process";
import { gte } from "semver";
import type { Tool } from "./act.ts";

/** The first release with terraform_data, and the one that a machine without it is told to get. */
const FIRST = "1.4.0";
const RELEASE = "1.11.4";

/** The real terraform, on PATH: where the action looks for it. */
export const terraform: Tool = {
  name: "terraform 1.4 or later",
  bring: bringTerraform(process.platform, process.arch),
  isThere: () => {
    // It asks HashiCorp whether there is a newer one, otherwise.
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    const { status, stdout } = spawnSync("terraform", ["version", "-json"], { env, encoding: "utf8" });
    return status === 0 && gte((JSON.parse(stdout) as { readonly terraform_version: string }).terraform_version, FIRST);
  },
};

/** The line that brings terraform to a machine. */
export function bringTerraform(platform: string, arch: string): string {
  if (platform === "darwin") return "brew install hashicorp/tap/terraform";
  const file = `terraform_${RELEASE}_linux_${arch === "arm64" ? "arm64" : "amd64"}.zip`;
  const url = `https://releases.hashicorp.com/terraform/${RELEASE}/${file}`;
  return `curl -fsSLO ${url} && sudo unzip -o ${file} terraform -d /usr/local/bin`;
}
