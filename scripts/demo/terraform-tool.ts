import { spawnSync } from "node:child_process";
import type { Tool } from "./act.ts";

/** The release that a machine without terraform is told to get; any from 1.4 on will do. */
const RELEASE = "1.11.4";

/** The real terraform, on PATH: where the action looks for it. */
export const terraform: Tool = {
  name: "terraform",
  bring: bringTerraform(process.platform, process.arch),
  isThere: () => {
    // It asks HashiCorp whether there is a newer one, otherwise.
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    return spawnSync("terraform", ["version"], { env }).status === 0;
  },
};

/** The line that brings terraform to a machine. */
export function bringTerraform(platform: string, arch: string): string {
  if (platform === "darwin") return "brew install hashicorp/tap/terraform";
  const file = `terraform_${RELEASE}_linux_${arch === "arm64" ? "arm64" : "amd64"}.zip`;
  const url = `https://releases.hashicorp.com/terraform/${RELEASE}/${file}`;
  return `curl -fsSLO ${url} && sudo unzip -o ${file} terraform -d /usr/local/bin`;
}
