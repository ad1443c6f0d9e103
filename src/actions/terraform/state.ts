/** The state that main leaves for post: the folder with all that it needs. Never a secret. */
export const FOLDER_STATE = "terraform-folder";
/** In that folder: where the run is. */
export const RECORD_FILE = "record.json";
/** In that folder, while it runs: how the token relay is found. */
export const RELAY_FILE = "relay.json";
