import { FeatureFlags } from "@actions/expressions";
import { validate } from "@actions/languageservice";
import type { ValidationConfig } from "@actions/languageservice/validate";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "../finding.ts";
import { readSource } from "../repository.ts";
import type { YamlFile } from "../yaml-file.ts";
import { OWN_PLACE } from "./uses.ts";

/** Files of this repository, which examples name by its place; those of others, which GitHub looks up, are not fetched. */
const fileProvider: NonNullable<ValidationConfig["fileProvider"]> = {
  getFileContent: async (reference) => {
    const ours = !("owner" in reference) || `${reference.owner}/${reference.repository}/` === OWN_PLACE;
    if (!ours) throw new Error(`${reference.path} of another repository is not fetched`);
    return { name: reference.path, content: readSource(reference.path) };
  },
};

/** What GitHub's own parser (the one behind its editor) says of a file: nothing, when it will run. */
export async function askGithub(file: Pick<YamlFile, "path" | "text">): Promise<readonly Finding[]> {
  const document = TextDocument.create(`file:///${file.path}`, "yaml", 1, file.text);
  const diagnostics = await validate(document, { featureFlags: new FeatureFlags({ all: true }), fileProvider });
  return diagnostics.map(({ range, message }) => ({ line: range.start.line + 1, rule: `GitHub: ${message}` }));
}
