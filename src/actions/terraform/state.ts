/** The state that main leaves for post: the folder with all that it needs. Never a secret. */
export const FOLDER_STATE = "terraform-folder";
/** In that folder: where the run is. */
export const RECORD_FILE = "record.json";
