import { DockerfileParser } from "dockerfile-ast";

/** The line, from 1, of a Dockerfile's n-th instruction, from 1: the classic builder counts steps so. */
export function findInstructionLine(text: string, instruction: number): number | undefined {
  const found = DockerfileParser.parse(text).getInstructions()[instruction - 1];
  return found === undefined ? undefined : found.getRange().start.line + 1;
}
