import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { needTools } from "./need-tools.ts";

/**
 * A folder for DOCKER_CONFIG below `scratch` that has buildx as a plugin and no credentials, so that neither the
 * plugins nor the logins of this machine take part.
 */
export async function createDockerConfig(scratch: string): Promise<string> {
  const { buildx } = needTools("buildx");
  const folder = await mkdtemp(join(scratch, "docker-config-"));
  await mkdir(join(folder, "cli-plugins"));
  await symlink(buildx, join(folder, "cli-plugins/docker-buildx"));
  await writeFile(join(folder, "config.json"), "{}");
  return folder;
}
