import type { ActStageOptions } from "../act/act-stage.ts";
import type { Scene } from "./scene.ts";

/**
 * What act needs of a scene: the proxy, where ID tokens come from, and a token for GitHub's API. act gives them to every
 * job alike, whatever its `permissions` say: that is what the harness's runs of the same workflows are for.
 */
export function actEnvironment(
  scene: Scene,
  permissions: Readonly<Record<string, string>>,
): Pick<ActStageOptions, "machineEnv" | "secrets"> {
  const { requestUrl, requestToken } = scene.team.job;
  return {
    machineEnv: {
      ...scene.base.machineEnv,
      ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    secrets: { GITHUB_TOKEN: scene.azure.githubApi.createToken({ repository: "octo/shop", permissions }) },
  };
}
