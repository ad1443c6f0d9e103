/** The state that main leaves for post: the path of the az CLI's folder. Never a secret. */
export const AZ_FOLDER = "az-folder";
