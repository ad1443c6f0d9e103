import type { FolderKind } from "../../kit/scratch-folder.ts";

/** The state that main leaves for post: the path of the kubeconfig's folder. Never a secret. */
export const FOLDER_STATE = "kubeconfig-folder";

/** Holds kubeconfig, plugin and the token that the plugin keeps. */
export const FOLDER: FolderKind = { prefix: "mayfly-aks-", maker: "aks-set-context" };
