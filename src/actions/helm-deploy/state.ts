/** Where the step's folder is, for post. */
export const FOLDER_STATE = "folder";
export const RECORD_FILE = "record.json";
export const FOLDER_KIND = { prefix: "mayfly-helm-", maker: "helm-deploy" } as const;
