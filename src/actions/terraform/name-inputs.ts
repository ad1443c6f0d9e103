/** The files that inputs are handed over by, and what their writer calls them. */
const NAMES: Readonly<Record<string, string>> = {
  "backend.tfbackend": "backend-config",
  "variables.tfvars.json": "variables",
};

/** The place of such a file, absolute or from the root module's folder; quotes around it may stay. */
const FILE = /[^\s"']*mayfly-terraform-\w+[\\/](backend\.tfbackend|variables\.tfvars\.json)/g;

/** Whether a place is an input's, and no file's. */
export function isInput(file: string): boolean {
  return Object.values(NAMES).includes(file);
}

/** What terraform says of files that nobody has ever seen, with the names of the inputs that they were made of. */
export function nameInputs(text: string): string {
  return text.replace(FILE, (found, file: string) => NAMES[file] ?? found);
}
