/** What ends a run as Failed: its text stands in the log as acb prints it. */
export class TaskFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TaskFailure";
  }
}
