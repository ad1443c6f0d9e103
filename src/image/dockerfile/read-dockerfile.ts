import {
  Add,
  Arg,
  Copy,
  DockerfileParser,
  Env,
  From,
  type Instruction,
  type ModifiableInstruction,
  Run,
} from "dockerfile-ast";
import { readSyntax } from "./syntax.ts";

/** A Dockerfile as far as it decides what is fetched and which stages there are. Lines count from 1. */
export interface Dockerfile {
  /** The escape character: a backslash, or what `# escape=` says. */
  readonly escape: string;
  /** The frontend's image of `# syntax=`. */
  readonly syntax: string | undefined;
  /** The ARGs before the first FROM. */
  readonly globalArgs: readonly Argument[];
  readonly stages: readonly Stage[];
  /** ARG and ENV of all stages, and the global ARGs. */
  readonly variables: readonly Argument[];
  readonly instructionCount: number;
}

export interface Argument {
  readonly keyword: "ARG" | "ENV";
  readonly name: string;
  /** As it is written, with quotes and variables; undefined for an ARG that only declares a name. */
  readonly value: string | undefined;
  readonly line: number;
}

export interface Stage {
  readonly index: number;
  /** In lower case, as BuildKit compares it. */
  readonly name: string | undefined;
  /** As it is written, with its variables. */
  readonly base: string;
  readonly line: number;
  readonly sources: readonly Source[];
  readonly fetches: readonly Fetch[];
}

/** `COPY --from=` or `RUN --mount=…,from=`. */
export interface Source {
  readonly from: string;
  readonly kind: "copy" | "mount";
  readonly line: number;
}

/** What `ADD` gets from the network. */
export interface Fetch {
  readonly url: string;
  readonly checksum: boolean;
  readonly line: number;
}

/** Reads a Dockerfile. It never fails: what is no instruction is left for the builder to refuse. */
export function readDockerfile(text: string): Dockerfile {
  const parsed = DockerfileParser.parse(text.replace(/^\uFEFF/, ""));
  const instructions = parsed.getInstructions();
  const begins = instructions.flatMap((one, index) => (one instanceof From ? [index] : []));
  const [first = instructions.length] = begins;
  const stages = begins.map((begin, index) =>
    readStage(index, instructions.slice(begin, begins[index + 1] ?? instructions.length)),
  );
  const globalArgs = instructions.slice(0, first).flatMap(readVariables);
  return {
    escape: parsed.getEscapeCharacter(),
    syntax: readSyntax(text),
    globalArgs,
    stages,
    variables: instructions.flatMap(readVariables),
    instructionCount: instructions.length,
  };
}

function readStage(index: number, [from, ...instructions]: readonly Instruction[]): Stage {
  const words = from instanceof From ? listWords(from) : [];
  const [base = "", as = "", name] = words;
  return {
    index,
    name: as.toLowerCase() === "as" ? name?.toLowerCase() : undefined,
    base,
    line: from === undefined ? 1 : lineOf(from),
    sources: instructions.flatMap(readSources),
    fetches: instructions.flatMap(readFetches),
  };
}

function readSources(instruction: Instruction): readonly Source[] {
  const line = lineOf(instruction);
  if (instruction instanceof Copy) {
    const from = valueOfFlag(instruction, "from");
    return from === undefined ? [] : [{ from, kind: "copy", line }];
  }
  if (!(instruction instanceof Run)) return [];
  return listFlags(instruction, "mount").flatMap((mount) => {
    const from = /(?:^|,)from=([^,]*)/.exec(mount)?.[1];
    return from === undefined || from === "" ? [] : [{ from, kind: "mount" as const, line }];
  });
}

function readFetches(instruction: Instruction): readonly Fetch[] {
  if (!(instruction instanceof Add)) return [];
  const json = instruction.getJSONStrings().map((one) => one.getJSONValue());
  const words = json.length > 0 ? json : listWords(instruction);
  const checksum = (valueOfFlag(instruction, "checksum") ?? "") !== "";
  return words
    .slice(0, -1)
    .filter(isRemote)
    .map((url) => ({ url, checksum, line: lineOf(instruction) }));
}

/**
 * A file of the network or a git repository (https://docs.docker.com/reference/dockerfile/#add), or what a variable at
 * its beginning may make one.
 */
function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\/|^[\w.-]+@[\w.-]+:|^\$/i.test(source);
}

function readVariables(instruction: Instruction): readonly Argument[] {
  const keyword = instruction instanceof Arg ? "ARG" : "ENV";
  if (!(instruction instanceof Arg || instruction instanceof Env)) return [];
  return instruction.getProperties().map((property) => ({
    keyword,
    name: property.getName(),
    value: property.getUnescapedValue() ?? undefined,
    line: property.getRange().start.line + 1,
  }));
}

function listWords(instruction: Instruction): readonly string[] {
  return instruction.getArguments().map((argument) => argument.getValue());
}

function listFlags(instruction: ModifiableInstruction, name: string): readonly string[] {
  const flags = instruction.getFlags().filter((flag) => flag.getName() === name);
  return flags.flatMap((flag) => flag.getValue() ?? []);
}

function valueOfFlag(instruction: ModifiableInstruction, name: string): string | undefined {
  return listFlags(instruction, name)[0];
}

function lineOf(instruction: Instruction): number {
  return instruction.getRange().start.line + 1;
}
