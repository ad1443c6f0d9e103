import { Copy, DockerfileParser, type Instruction, Run } from "dockerfile-ast";

/** What a Dockerfile takes from elsewhere. */
export interface Foundations {
  /** Images by the names that the builder will ask for, each once. */
  readonly images: readonly string[];
  /** What comes from elsewhere and cannot be told by a look: with any of these, the same text may build something else. */
  readonly doubts: readonly string[];
}

/**
 * The images that a Dockerfile begins with, copies from or mounts, with the build arguments put in; stages and named
 * contexts are none.
 */
export function findFoundations(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  buildContexts: Readonly<Record<string, string>>,
): Foundations {
  const dockerfile = DockerfileParser.parse(text);
  const values = readArguments(
    dockerfile.getInitialARGs().map((arg) => arg.getProperty()),
    buildArgs,
  );
  const stages = new Set(Object.keys(buildContexts));
  const images = new Set<string>();
  const doubts = new Set<string>();
  let stageCount = 0;
  const take = (name: string): void => {
    if (name === "scratch" || stages.has(name.toLowerCase()) || stages.has(name)) return;
    if (/^\d+$/.test(name) && Number(name) < stageCount) return;
    if (name.includes("$")) doubts.add(`the image "${name}" has a variable without a value`);
    else images.add(name);
  };
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === "FROM") {
      const [from] = dockerfile.getFROMs().slice(stageCount);
      stageCount += 1;
      take(substitute(from?.getImage() ?? "", values));
      const stage = from?.getBuildStage();
      if (stage) stages.add(stage.toLowerCase());
    } else if (keyword === "ADD") {
      for (const doubt of findRemotes(instruction)) doubts.add(doubt);
    } else {
      for (const source of listSources(instruction)) take(source);
    }
  }
  for (const [name, value] of Object.entries(buildContexts)) {
    doubts.add(`the named context ${name} (${value}) is not looked into`);
  }
  return { images: [...images], doubts: [...doubts] };
}

/** `COPY --from=…` and `RUN --mount=…,from=…`. */
function listSources(instruction: Instruction): readonly string[] {
  if (instruction instanceof Copy) {
    const source = instruction.getFromFlag()?.getValue();
    return source ? [source] : [];
  }
  if (!(instruction instanceof Run)) return [];
  const mounts = instruction.getFlags().filter((flag) => flag.getName() === "mount");
  return mounts.flatMap((mount) => {
    const source = mount
      .getOptions()
      .find((option) => option.getName() === "from")
      ?.getValue();
    return source ? [source] : [];
  });
}

/** What `ADD` fetches, unless a checksum says what it must be. */
function findRemotes(instruction: Instruction): readonly string[] {
  const words = instruction.getArguments().map((argument) => argument.getValue());
  if (/--checksum=/.test(instruction.getTextContent())) return [];
  const remote = words.slice(0, -1).filter((word) => /^(?:https?:|git@|git:|ssh:)/.test(word));
  return remote.map((url) => `ADD fetches ${url}, which has no --checksum`);
}

interface Property {
  getName(): string;
  getValue(): string | null;
}

/** ARGs before the first FROM; a build argument counts before a default. */
function readArguments(
  declared: readonly (Property | null)[],
  given: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const property of declared) {
    if (property === null) continue;
    const value = given[property.getName()] ?? property.getValue();
    if (value !== null && value !== undefined) values.set(property.getName(), substitute(value, values));
  }
  return values;
}

const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})/g;

/** A text with its variables put in; those without a value stay as they are. */
function substitute(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (whole, plain?: string, braced?: string, modifier?: string, word = "") => {
    const value = values.get(plain ?? braced ?? "");
    if (modifier?.endsWith("+")) return value ? word : "";
    if (modifier?.endsWith("-")) return value || word;
    return value ?? whole;
  });
}
