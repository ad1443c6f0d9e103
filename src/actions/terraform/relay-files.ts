/** What the relay's process and the action agree on. All files are in one folder that only this user can read. */

/** What its process is known by, and its port, once it answers. */
export const RELAY_FILE = "relay.json";
/** What it has done, once it has ended. */
export const COUNTERS_FILE = "relay-counters.json";
/** What it says when it breaks: no token is in it. */
export const LOG_FILE = "relay.log";
/** Where it writes its port as soon as it answers. */
export const READY_FD = 3;

/** Environment variables: its own bearer secret, and its folder. */
export const RELAY_SECRET = "MAYFLY_RELAY_SECRET";
export const RELAY_FOLDER = "MAYFLY_RELAY_FOLDER";
