/** Of jest's report (`--json`), what is read here. Paths are absolute. */
export interface JestReport {
  readonly success: boolean;
  readonly testResults: readonly JestFile[];
}

interface JestFile {
  readonly name: string;
  readonly status: string;
  /** What is told of the file's failures. */
  readonly message: string;
  readonly assertionResults: readonly JestTest[];
}

interface JestTest {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

/** A test that failed beside others and passed when its file had the machine to itself. */
export interface Flake {
  /** Path of its file, as jest has it. */
  readonly file: string;
  readonly test: string;
  /** What it said when it failed. */
  readonly failure: string;
}

/** What stands for a file that could not be run to its end. */
const WHOLE_FILE = "(the file as a whole)";

/** Paths of the files that failed. */
export function listFailedFiles({ testResults }: JestReport): readonly string[] {
  return testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
}

/** The failures of a first run, of which a second one decides. */
export function listFailures({ testResults }: JestReport): readonly Flake[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map(({ fullName, failureMessages }) => ({ file: name, test: fullName, failure: failureMessages.join("\n\n") }));
    return status === "failed" && failed.length === 0 ? [{ file: name, test: WHOLE_FILE, failure: message }] : failed;
  });
}

/** A failure that the second run did not clear: it failed again, was left out, or its file was not even there. */
export function listLasting(failures: readonly Flake[], second: JestReport): readonly Flake[] {
  return failures.filter(({ file, test }) => {
    const again = second.testResults.find(({ name }) => name === file);
    if (again?.status !== "passed") return true;
    if (test === WHOLE_FILE) return again.assertionResults.length === 0;
    const namesakes = again.assertionResults.filter(({ fullName }) => fullName === test);
    return namesakes.length === 0 || namesakes.some(({ status }) => status !== "passed");
  });
}
