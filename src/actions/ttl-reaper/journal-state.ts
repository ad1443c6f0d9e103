/** Where main keeps its journal, for post. */
export const JOURNAL_STATE = "journal";
/** Set once main has told everything itself. */
export const REPORTED_STATE = "reported";
